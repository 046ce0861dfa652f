import { cancelNode } from '../ask/stop-nodes.ts';
import { stopRun } from '../ask/stop-run.ts';
import { voidOpenGates } from '../ask/void-gates.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import type { Handling } from '../state/handler.ts';
import { refuse } from '../state/handler.ts';
import { isSettled } from '../state/is-settled.ts';
import { ROOT } from '../state/node-key.ts';
import { placesOf } from '../state/place.ts';

/** Ends the run now. An escalated run is closed: nobody can answer it any more. */
export function runCancelled(
  draft: Draft,
  event: Extract<RunEvent, { type: 'run.cancelled' }>,
): Handling {
  const { status } = draft.run;
  if (isSettled(status) && status !== 'escalated') return refuse('settled', 'The run is over.');
  const reason = { code: 'cancelled', message: event.reason ?? `Cancelled by ${event.by}.` };
  draft.record('run-cancelled', { actor: event.by, detail: event.reason });
  if (status === 'escalated') {
    voidOpenGates(draft, 'cancelled');
    draft.update({ status: 'cancelled', reason });
    return 'applied';
  }
  if (status === 'queued') forgetStart(draft);
  stopRun(draft, { outcome: 'cancelled', reason, because: 'cancelled', failure: null });
  return 'applied';
}

/** Nothing has happened yet, so there is nothing to finish up. */
function forgetStart(draft: Draft): void {
  draft.update({ status: 'running' });
  for (const place of placesOf(draft, ROOT)) {
    if (place.node.finally) cancelNode(draft, place, 'cancelled');
  }
}
