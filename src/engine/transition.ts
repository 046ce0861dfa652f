import type { Plan } from '../plan/plan.ts';
import { gateDecided } from './events/gate-decided.ts';
import { headMoved } from './events/head-moved.ts';
import { nodeFinished } from './events/node-finished.ts';
import { nodeInterrupted } from './events/node-interrupted.ts';
import { nodeStarted } from './events/node-started.ts';
import { nodeWaived } from './events/node-waived.ts';
import { runCancelled } from './events/run-cancelled.ts';
import { runHeld, runUnheld } from './events/run-held.ts';
import { runRedesigned } from './events/run-redesigned.ts';
import { runResumed } from './events/run-resumed.ts';
import { runStarted } from './events/run-started.ts';
import { timerFired } from './events/timer-fired.ts';
import { advance } from './flow/advance.ts';
import { Draft } from './state/draft.ts';
import type { RunEvent, Transition } from './state/event.ts';
import type { Handler, Handling } from './state/handler.ts';
import type { Run } from './state/run.ts';

const HANDLERS: { readonly [Type in RunEvent['type']]: Handler<Type> } = {
  'run.started': runStarted,
  'run.cancelled': runCancelled,
  'run.resumed': runResumed,
  'run.redesigned': runRedesigned,
  'run.held': runHeld,
  'run.unheld': runUnheld,
  'node.started': nodeStarted,
  'node.finished': nodeFinished,
  'node.interrupted': nodeInterrupted,
  'node.waived': nodeWaived,
  'gate.decided': gateDecided,
  'head.moved': headMoved,
  'timer.fired': timerFired,
};

/**
 * Decides what an event does to a run. Pure and total: a late, repeated or refused event returns
 * the very same run and no effects.
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
