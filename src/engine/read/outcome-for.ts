import type { Outcome } from '../../plan/condition.ts';

const OUTCOME_BY_STATUS: ReadonlyMap<string, Outcome> = new Map([
  ['completed', 'ok'],
  ['approved', 'ok'],
  ['approved_with_conditions', 'ok'],
  ['approved_with_notes', 'ok'],
  ['pass', 'ok'],
  ['true', 'ok'],
  ['no_conflicts', 'ok'],
  ['consistent', 'ok'],
  ['mostly_consistent', 'ok'],
  ['skipped', 'waived'],
  ['needs_revision', 'revise'],
  ['fail', 'revise'],
  ['needs_review', 'revise'],
  ['needs-improvement', 'revise'],
  ['stub_detected', 'stub'],
  ['conflicts_found', 'redesign'],
  ['inconsistent', 'redesign'],
  ['needs-redesign', 'redesign'],
  ['architectural', 'redesign'],
  ['escalation_needed', 'escalate'],
  ['partial', 'escalate'],
  ['blocked', 'halt'],
  ['rejected', 'halt'],
]);

/** The ten statuses and the known agents' verdict words; anything else is a validation error. */
export function outcomeFor(statusRaw: string): Outcome | undefined {
  return OUTCOME_BY_STATUS.get(statusRaw.trim().toLowerCase());
}
