import { describe, expect, it } from 'vitest';
import {
  BUTTONS,
  commandFromButton,
  commandFromRerun,
  parseExternalId,
} from '#src/commands/from-check.ts';

const AT_GATE = { run: 'R2345ABC', gate: 'G1' };
const DONE = { run: 'R2345ABC', gate: null };

describe('parseExternalId', () => {
  it('reads a run, and a run with its gate', () => {
    expect(parseExternalId('R2345ABC')).toEqual(DONE);
    expect(parseExternalId('R2345ABC/G1')).toEqual(AT_GATE);
  });

  it.each(['', null, 'R2345ABC/', 'R2345ABC/G0', 'R2345ABC/G1/x', 'a b', '../x'])(
    'does not take %j for ours',
    (externalId) => {
      expect(parseExternalId(externalId)).toBeNull();
    },
  );
});

describe('commandFromButton', () => {
  it.each(['approve', 'deny'] as const)(
    '%s decides the gate of the check and no other',
    (verdict) => {
      expect(commandFromButton(verdict, AT_GATE, 'tdd')).toEqual({
        type: 'decide',
        verdict,
        target: { type: 'gate', gate: 'G1', run: 'R2345ABC' },
        sha: null,
        text: null,
        note: null,
      });
      expect(commandFromButton(verdict, DONE, 'tdd')).toBeNull();
    },
  );

  it('resumes, cancels and runs again', () => {
    expect(commandFromButton('resume', DONE, 'tdd')).toMatchObject({
      type: 'resume',
      run: DONE.run,
    });
    expect(commandFromButton('cancel', DONE, 'tdd')).toMatchObject({
      type: 'cancel',
      run: DONE.run,
    });
    expect(commandFromButton('run-again', DONE, 'tdd')).toMatchObject({
      type: 'start',
      workflow: 'tdd',
    });
  });

  it('does not know other buttons', () => {
    expect(commandFromButton('merge', AT_GATE, 'tdd')).toBeNull();
  });

  it('has identifiers GitHub accepts', () => {
    expect(BUTTONS.every((button) => button.length <= 20)).toBe(true);
  });
});

describe('commandFromRerun', () => {
  it.each(['failed', 'escalated', 'cancelled', 'expired'])('resumes a run that %s', (status) => {
    expect(commandFromRerun(DONE, { workflow: 'tdd', status })).toMatchObject({ type: 'resume' });
  });

  it('starts a succeeded run anew', () => {
    expect(commandFromRerun(DONE, { workflow: 'tdd', status: 'succeeded' })).toMatchObject({
      type: 'start',
      workflow: 'tdd',
    });
  });
});
