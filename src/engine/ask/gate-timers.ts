import type { Plan } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import type { Handling } from '../state/handler.ts';
import { openGates } from '../state/open-gates.ts';
import type { Gate } from '../state/run.ts';
import { elapsedMs, laterBy } from '../state/time.ts';

const DAY_MS = 24 * 3_600_000;

/** How long a gate may stay undecided before each reminder; each is sent once. */
function remindersOf({ policies }: Plan): readonly number[] {
  return policies.gateRemindersMs ?? [DAY_MS];
}

export function setGateTimers(draft: Draft, gate: Gate): void {
  const { openedAt, expiresAt } = gate;
  for (const [index, ms] of remindersOf(draft.plan).entries()) {
    const at = laterBy(openedAt, ms);
    const timer = index === 0 ? `remind:${gate.id}` : `remind:${gate.id}.${index + 1}`;
    if (expiresAt === null || at < expiresAt) draft.effect({ type: 'set-timer', timer, at });
  }
  if (expiresAt === null) return;
  const lastDay = laterBy(expiresAt, -DAY_MS);
  if (lastDay > openedAt)
    draft.effect({ type: 'set-timer', timer: `last-day:${gate.id}`, at: lastDay });
  draft.effect({ type: 'set-timer', timer: `gate:${gate.id}`, at: expiresAt });
}

/** From now on the gate's own comment shows how little time is left. */
export function beginLastDay(draft: Draft, gate: Gate): Handling {
  const { expiresAt } = gate;
  if (gate.lastDay || expiresAt === null) return 'ignored';
  if (draft.at < laterBy(expiresAt, -DAY_MS)) return 'ignored';
  draft.updateGate(gate.id, { lastDay: true });
  return 'applied';
}

/**
 * Sends the reminder with this number. Other gates of the run whose next reminder is nearly due
 * are included, so that people get one comment instead of one per gate.
 */
export function remind(draft: Draft, gate: Gate, number: number): Handling {
  const due = dueAt(draft.plan, gate, number);
  if (due === null || draft.at < due || gate.reminders >= number) return 'ignored';
  sendReminder(draft, gate, number);
  for (const other of openGates(draft.run)) {
    const next = other.reminders + 1;
    if (other.id !== gate.id && isNearlyDue(draft, other, next)) sendReminder(draft, other, next);
  }
  return 'applied';
}

function sendReminder(draft: Draft, gate: Gate, number: number): void {
  draft.updateGate(gate.id, { reminders: number, remindedAt: draft.at });
  draft.record('gate-reminder', { reasonCode: gate.kind, detail: gate.id });
}

function dueAt(plan: Plan, gate: Gate, number: number): string | null {
  const ms = remindersOf(plan)[number - 1];
  return ms === undefined ? null : laterBy(gate.openedAt, ms);
}

/** Three quarters of its waiting time have passed. */
function isNearlyDue(draft: Draft, gate: Gate, number: number): boolean {
  const ms = remindersOf(draft.plan)[number - 1];
  return ms !== undefined && elapsedMs(gate.openedAt, draft.at) >= ms * 0.75;
}
