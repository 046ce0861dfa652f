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
    '%s decides the gate the button showed and no other',
    (verdict) => {
      const decision = { type: 'decide', verdict, sha: null, text: null, note: null };
      const g1 = { type: 'gate', gate: 'G1', run: 'R2345ABC' };
      for (const now of [AT_GATE, { ...AT_GATE, gate: 'G2' }, DONE])
        expect(commandFromButton(`${verdict}:G1`, now, 'tdd')).toEqual({ ...decision, target: g1 });
    },
  );

  it.each(['approve', 'deny'] as const)(
    '%s of an older check, which names no gate, is about the first one or none',
    (verdict) => {
      expect(commandFromButton(verdict, AT_GATE, 'tdd')).toMatchObject({
        target: { type: 'gate', gate: 'G1', run: 'R2345ABC' },
      });
      expect(commandFromButton(verdict, { ...AT_GATE, gate: 'G2' }, 'tdd')).toMatchObject({
        target: { type: 'gate', gate: 'G1', run: 'R2345ABC' },
      });
      expect(commandFromButton(verdict, DONE, 'tdd')).toBeNull();
    },
  );

  it.each(['approve:', 'approve:G0', 'approve:G1/x', 'revise:G1', 'cancel:G1', 'approve:G12345'])(
    'does not know %j',
    (identifier) => {
      expect(commandFromButton(identifier, AT_GATE, 'tdd')).toBeNull();
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
