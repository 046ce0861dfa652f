import { describe, expect, it } from 'vitest';
import { outcomeFor } from '#src/engine/read/outcome-for.ts';

describe('the outcome of a status', () => {
  it.each([
    ['completed', 'ok'],
    ['approved', 'ok'],
    ['approved_with_conditions', 'ok'],
    ['approved_with_notes', 'ok'],
    ['PASS', 'ok'],
    ['NO_CONFLICTS', 'ok'],
    ['mostly_consistent', 'ok'],
    ['true', 'ok'],
    ['SKIPPED', 'waived'],
    ['needs_revision', 'revise'],
    ['fail', 'revise'],
    ['needs-improvement', 'revise'],
    ['stub_detected', 'stub'],
    ['CONFLICTS_FOUND', 'redesign'],
    ['needs-redesign', 'redesign'],
    ['escalation_needed', 'escalate'],
    ['partial', 'escalate'],
    ['blocked', 'halt'],
    [' rejected ', 'halt'],
  ])('%s is %s', (status, outcome) => {
    expect(outcomeFor(status)).toBe(outcome);
  });

  it.each(['', 'done', 'approve', 'LGTM', 'constructor', '__proto__'])(
    'is none for %j',
    (status) => {
      expect(outcomeFor(status)).toBeUndefined();
    },
  );
});
