import type { Loop } from '../../plan/plan.ts';
import { exhaustionOf, failuresOf, takeLoop, triggeredLoop } from '../ask/loops.ts';
import { leadsOn, settleEdges } from '../ask/settle-edges.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import type { NodeState } from '../state/run.ts';
import type { Defeat } from './defeat.ts';
import { dispose, forgive } from './dispose.ts';
import { exhaust } from './exhaust.ts';
import { addWarning, halt, markFinished, markPassed } from './mark-finished.ts';
import { unhandledOutcome } from './unhandled.ts';

/** Graph mode, an answer: halt, loop back, give up or settle the edges. */
export function routeForward(draft: Draft, place: Place): void {
  const state = draft.node(place);
  if (state.result?.outcome === 'halt') return halt(draft, place);
  const loop = loopFor(place, state);
  if (loop !== null) return loopBack(draft, place, loop);
  const unhandled = unhandledOutcome(place, state);
  if (unhandled !== null) return dispose(draft, place, unhandled);
  leave(draft, place, state.result?.outcome === 'waived');
}

/** Graph mode, a failure: a loop may heal it; otherwise the node's disposition decides. */
export function failForward(draft: Draft, place: Place, why: Defeat, mayLoop: boolean): void {
  const loop = mayLoop ? loopFor(place, draft.node(place)) : null;
  if (loop === null) return dispose(draft, place, why);
  const exhaustion = exhaustionOf(draft, place, loop);
  if (exhaustion === null) return takeLoop(draft, place, loop, [why.message]);
  const exhausted = exhaust(draft, place, loop, exhaustion);
  if (loop.onExhaust === 'continue') return forgive(draft, place, exhausted);
  dispose(draft, place, exhausted);
}

export function passForward(draft: Draft, place: Place): void {
  markPassed(draft, place);
  leave(draft, place, true);
}

function loopFor(place: Place, state: NodeState): Loop | null {
  return place.node.finally ? null : triggeredLoop(place, state);
}

function loopBack(draft: Draft, place: Place, loop: Loop): void {
  const exhaustion = exhaustionOf(draft, place, loop);
  if (exhaustion === null) return takeLoop(draft, place, loop, failuresOf(draft.node(place)));
  const exhausted = exhaust(draft, place, loop, exhaustion);
  if (loop.onExhaust !== 'continue') return dispose(draft, place, exhausted);
  addWarning(draft, place, exhausted.message);
  passForward(draft, place);
}

/** `mayStand`: if no condition expects the answer, it opens every edge instead of none. */
function leave(draft: Draft, place: Place, mayStand: boolean): void {
  markFinished(draft, place);
  const opensAll = mayStand && !leadsOn(place, draft.node(place));
  settleEdges(draft, place, opensAll ? 'all' : 'as-answered');
}
