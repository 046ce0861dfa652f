import type { Edge, Loop } from '../../plan/plan.ts';
import { ABORT, COMPLETE } from '../../plan/plan.ts';
import { makeReady } from '../ask/evaluate-join.ts';
import { exhaustionOf, failuresOf, loopState, previousAttempts } from '../ask/loops.ts';
import { isExpected } from '../ask/settle-edges.ts';
import { toleratesFailure } from '../read/tolerates-failure.ts';
import type { Draft } from '../state/draft.ts';
import { matches } from '../state/edge-state.ts';
import { edgesOutOf, loopsOutOf } from '../state/graph-index.ts';
import { nextVisit, wasEntered } from '../state/idle-node.ts';
import type { Place } from '../state/place.ts';
import { placeIn } from '../state/place.ts';
import type { LoopContext, Reason } from '../state/run.ts';
import type { Defeat } from './defeat.ts';
import { defeat } from './defeat.ts';
import { failFrame, failNode, giveUp } from './dispose.ts';
import { exhaust } from './exhaust.ts';
import { halt, markFinished, markPassed } from './mark-finished.ts';

/** State-machine mode, an answer: the first transition that matches takes the token. */
export function routeSignal(draft: Draft, place: Place): void {
  const state = draft.node(place);
  if (state.result?.outcome === 'halt' && !isExpected(place, state)) return halt(draft, place);
  moveToken(draft, place, (edge) => matches(edge, draft.node(place)));
}

/** State-machine mode, a failure: an optional node passes the token on, any other ends the frame. */
export function failSignal(draft: Draft, place: Place, why: Defeat): void {
  if (!toleratesFailure(draft, draft.frame(place.frame), place.node)) {
    return giveUp(draft, place, why);
  }
  draft.record('node-failed', { place, reasonCode: why.code, detail: why.message });
  passSignal(draft, place);
}

/** Takes the transition for a pass, else the first one that is not used up. */
export function passSignal(draft: Draft, place: Place): void {
  markPassed(draft, place);
  const state = draft.node(place);
  const open = edgesOutOf(place.index, place.node.id).filter(
    (edge) => limitOn(draft, place, edge) === null,
  );
  const fitting = open.find((edge) => matches(edge, state)) ?? open[0];
  moveToken(draft, place, (edge) => edge === fitting);
}

function moveToken(draft: Draft, place: Place, fits: (edge: Edge) => boolean): void {
  let exhausted: Defeat | null = null;
  for (const edge of edgesOutOf(place.index, place.node.id)) {
    if (!fits(edge)) continue;
    const loop = loopOf(place, edge);
    const why = limitOn(draft, place, edge);
    if (why === null) return follow(draft, place, edge, loop);
    if (loop === null) return giveUp(draft, place, defeat(why.code, why.message));
    exhausted = exhaust(draft, place, loop, why);
    if (loop.onExhaust !== 'continue') return giveUp(draft, place, exhausted);
  }
  giveUp(draft, place, exhausted ?? defeat('no-match', 'No transition matches the answer.'));
}

function follow(draft: Draft, place: Place, edge: Edge, loop: Loop | null): void {
  const context = contextFor(draft, place, edge, loop);
  const source = { node: place.key, visit: draft.node(place).visit };
  if (edge.to === ABORT) return abort(draft, place, edge);
  markFinished(draft, place);
  draft.record('signal', { place, detail: edge.to });
  draft.updateNode(place, { exits: { edge: edge.id } });
  if (edge.to === COMPLETE) return;
  const target = placeIn(draft, place.frame, edge.to);
  if (target !== null) enter(draft, target, source, context, loop?.cooldownMs ?? 0);
}

function enter(
  draft: Draft,
  target: Place,
  source: { readonly node: string; readonly visit: number },
  loopContext: LoopContext | null,
  delayMs: number,
): void {
  const before = draft.node(target);
  const snapshot = loopContext?.workspace === 'rewind' ? before.snapshot : null;
  draft.setNode(target, { ...nextVisit(before), signalledBy: source, loopContext, snapshot });
  makeReady(draft, target, delayMs);
}

function abort(draft: Draft, place: Place, edge: Edge): void {
  const message = draft.node(place).result?.headline ?? 'The workflow ended itself.';
  draft.updateNode(place, { exits: { edge: edge.id } });
  failNode(draft, place, defeat('aborted', message));
  failFrame(draft, place.frame, {
    code: 'aborted',
    message,
    node: place.key,
    escalate: false,
    loop: null,
  });
}

/** Why the transition cannot be taken again; null if it can. */
function limitOn(draft: Draft, place: Place, edge: Edge): Reason | null {
  const loop = loopOf(place, edge);
  return loop === null ? visitCap(draft, place, edge) : exhaustionOf(draft, place, loop);
}

function loopOf(place: Place, edge: Edge): Loop | null {
  return loopsOutOf(place.index, place.node.id).find((loop) => loop.to === edge.to) ?? null;
}

function visitCap(draft: Draft, place: Place, edge: Edge): Reason | null {
  const target = placeIn(draft, place.frame, edge.to);
  if (target === null || !wasEntered(draft.node(target))) return null;
  const cap = draft.plan.policies.caps.visitsPerNode * (1 + draft.run.counters.resumes);
  if (draft.node(target).visit < cap) return null;
  return { code: 'visit-cap', message: `${edge.to} was visited ${cap} times.` };
}

/** Coming back to a node counts its loop, if one is declared, and tells it what happened. */
function contextFor(draft: Draft, place: Place, edge: Edge, loop: Loop | null): LoopContext | null {
  const target = placeIn(draft, place.frame, edge.to);
  if (target === null || !wasEntered(draft.node(target))) return null;
  const state = draft.node(place);
  if (loop !== null) countLoop(draft, place, loop);
  const before = draft.node(target);
  return {
    loop: loop?.id ?? edge.id,
    iteration: loop === null ? before.visit : loopState(draft, place, loop).count,
    max: loop?.max ?? draft.plan.policies.caps.visitsPerNode,
    failures: failuresOf(state),
    guidance: before.loopContext?.guidance ?? [],
    previousAttempts: previousAttempts(before),
    source: { node: place.key, visit: state.visit },
    workspace: loop?.workspace ?? 'keep',
  };
}

function countLoop(draft: Draft, place: Place, loop: Loop): void {
  const before = loopState(draft, place, loop);
  const fingerprint = draft.node(place).result?.fingerprint ?? before.lastFingerprint;
  draft.setLoop(place.frame, loop.id, {
    ...before,
    count: before.count + 1,
    lastFingerprint: fingerprint,
  });
}
