import type { Plan } from '../workflow/plan.ts';
import { advance } from './advance.ts';
import { cancelRun } from './cancel-run.ts';
import { decideGate } from './decide-gate.ts';
import { Draft } from './draft.ts';
import type { RunEvent, Transition } from './event.ts';
import type { Handler, Handling } from './handler.ts';
import { holdRun, unholdRun } from './hold-run.ts';
import { moveHead } from './move-head.ts';
import { finishAttempt } from './node-finished.ts';
import { interruptNode } from './node-interrupted.ts';
import { takeNode } from './node-started.ts';
import { waiveNode } from './node-waived.ts';
import { redesignRun } from './redesign.ts';
import { resumeRun } from './resume-run.ts';
import type { Run } from './run.ts';
import { startRun } from './start-run.ts';
import { fireTimer } from './timer-fired.ts';

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
