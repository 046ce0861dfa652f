import { expect, it } from 'vitest';
import { commandFromLabel, STATE_LABELS } from '#src/commands/from-label.ts';

it.each(['sluice:tdd', 'Sluice:tdd', 'sluice: tdd'])(
  '%j starts tdd on the item itself',
  (label) => {
    expect(commandFromLabel(label, 'sluice')).toEqual({
      type: 'start',
      workflow: 'tdd',
      task: null,
      params: {},
    });
  },
);

it.each(['bug', 'sluice', 'sluice:', 'sluices:tdd', 'not-sluice:tdd', 'sluice:../x', ':tdd'])(
  '%j is none of our business',
  (label) => {
    expect(commandFromLabel(label, 'sluice')).toBeNull();
  },
);

it.each(STATE_LABELS)('the state label %s starts nothing', (state) => {
  expect(commandFromLabel(`sluice:${state}`, 'sluice')).toBeNull();
});
