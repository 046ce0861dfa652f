import type { Draft } from './draft.ts';
import type { RunEvent } from './event.ts';
import type { Handling } from './handler.ts';
import { isSettled } from './is-settled.ts';
import type { Gate, RunStatus } from './run.ts';
import { stopRun } from './stop-run.ts';

/** Something that had to wait may go on now. A timer that comes too early or again does nothing. */
export function fireTimer(
  draft: Draft,
  event: Extract<RunEvent, { type: 'timer.fired' }>,
): Handling {
  const colon = event.timer.indexOf(':');
  const name = event.timer.slice(0, colon);
  const about = event.timer.slice(colon + 1);
  if (name === 'node') return isSettled(draft.run.status) ? 'ignored' : 'applied';
  const gate = draft.run.gates.find(({ id, status }) => id === about && status === 'open');
  if (gate === undefined) return 'ignored';
  return name === 'gate' ? expire(draft, gate) : remind(draft, gate);
}

/** Nobody decided in time. That never approves anything: the run ends or calls for help. */
function expire(draft: Draft, gate: Gate): Handling {
  if (gate.expiresAt === null || draft.at < gate.expiresAt) return 'ignored';
  draft.updateGate(gate.id, { status: 'expired' });
  draft.record('gate-expired', { reasonCode: gate.kind, detail: gate.id });
  if (isSettled(draft.run.status)) return 'applied';
  const outcome: RunStatus = draft.plan.policies.escalation === null ? 'expired' : 'escalated';
  const message = `Nobody decided gate ${gate.id} in time.`;
  const reason = { code: 'gate-expired', message: `${gate.node}: ${message}` };
  const failure = { code: reason.code, message, node: gate.node, escalate: true, loop: null };
  stopRun(draft, {
    outcome,
    reason,
    because: 'expired',
    failure: outcome === 'expired' ? null : failure,
  });
  return 'applied';
}

function remind(draft: Draft, gate: Gate): Handling {
  draft.updateGate(gate.id, { reminders: (gate.reminders ?? 0) + 1 });
  draft.record('gate-reminder', { reasonCode: gate.kind, detail: gate.id });
  return 'applied';
}
