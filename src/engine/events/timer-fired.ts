import { beginLastDay, remind } from '../ask/gate-timers.ts';
import { stopRun } from '../ask/stop-run.ts';
import { checkClock } from '../ask/work-clock.ts';
import { leaveUnanswered } from '../decide/leave-unanswered.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import { GATES } from '../state/gates.ts';
import type { Handling } from '../state/handler.ts';
import { isSettled } from '../state/is-settled.ts';
import type { Gate, RunStatus } from '../state/run.ts';

/** Whatever was waiting may now go on. An early or repeated timer does nothing. */
export function timerFired(
  draft: Draft,
  event: Extract<RunEvent, { type: 'timer.fired' }>,
): Handling {
  const colon = event.timer.indexOf(':');
  const name = event.timer.slice(0, colon);
  const [about = '', number = '1'] = event.timer.slice(colon + 1).split('.');
  if (name === 'work') return checkClock(draft);
  if (name === 'node') return isSettled(draft.run.status) ? 'ignored' : 'applied';
  const gate = draft.run.gates.find(({ id, status }) => id === about && status === 'open');
  if (gate === undefined) return 'ignored';
  return FIRED[name]?.(draft, gate, Number(number)) ?? 'ignored';
}

/** What a gate's timers do: `gate:G1`, `remind:G1.2`. */
const FIRED: Readonly<Record<string, (draft: Draft, gate: Gate, number: number) => Handling>> = {
  gate: expire,
  remind,
  'last-day': beginLastDay,
};

/** Nobody decided in time. That never approves anything: the run ends or calls for help. */
function expire(draft: Draft, gate: Gate): Handling {
  if (gate.expiresAt === null || draft.at < gate.expiresAt) return 'ignored';
  draft.updateGate(gate.id, { status: 'expired' });
  draft.record('gate-expired', { reasonCode: gate.kind, detail: gate.id });
  if (isSettled(draft.run.status)) {
    if (GATES[gate.kind].callsForHelp) leaveUnanswered(draft);
    return 'applied';
  }
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
