import type { Plan } from '../plan/plan.ts';
import { decideGate } from './decide/decide-gate.ts';
import { cancelRun } from './events/cancel-run.ts';
import { holdRun, unholdRun } from './events/hold-run.ts';
import { moveHead } from './events/move-head.ts';
import { finishAttempt } from './events/node-finished.ts';
import { interruptNode } from './events/node-interrupted.ts';
import { takeNode } from './events/node-started.ts';
import { waiveNode } from './events/node-waived.ts';
import { redesignRun } from './events/redesign.ts';
import { resumeRun } from './events/resume-run.ts';
import { startRun } from './events/start-run.ts';
import { fireTimer } from './events/timer-fired.ts';
import { advance } from './flow/advance.ts';
import { Draft } from './state/draft.ts';
import type { RunEvent, Transition } from './state/event.ts';
import type { Handler, Handling } from './state/handler.ts';
import type { Run } from './state/run.ts';

const HANDLERS: { readonly [Type in RunEvent['type']]: Handler<Type> } = {
  'run.started': startRun,
  'run.cancelled': cancelRun,
  'run.resumed': resumeRun,
  'run.redesigned': redesignRun,
  'run.held': holdRun,
  'run.unheld': unholdRun,
  'node.started': takeNode,
  'node.finished': finishAttempt,
  'node.interrupted': interruptNode,
  'node.waived': waiveNode,
  'gate.decided': decideGate,
  'head.moved': moveHead,
  'timer.fired': fireTimer,
};

/**
 * Decides what an event does to a run. Pure and total: an event that is late, repeated or refused
 * returns the very same run and no effects.
 */
export function transition(plan: Plan, run: Run, event: RunEvent): Transition {
  const draft = new Draft(plan, run, event.at);
  const handling = handle(draft, event);
  if (handling === 'applied') advance(draft);
  if (handling === 'applied' || handling === 'noted') return draft.finish();
  const refusal = handling === 'ignored' ? null : handling;
  return { run, effects: [], records: [], refusal };
}

function handle<Type extends RunEvent['type']>(
  draft: Draft,
  event: Extract<RunEvent, { type: Type }>,
): Handling {
  const handler = HANDLERS[event.type] as Handler<Type>;
  return handler(draft, event);
}
