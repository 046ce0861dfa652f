import { kindOf } from '../../plan/kinds.ts';
import { grantAgain } from '../ask/budget.ts';
import { makeReady } from '../ask/evaluate-join.ts';
import { enterFrame } from '../ask/frames.ts';
import { previousAttempts } from '../ask/loops.ts';
import { reopenGate } from '../ask/open-gate.ts';
import { hasPending } from '../ask/reset.ts';
import { voidOpenGates } from '../ask/void-gates.ts';
import { tryAgain } from '../flow/attempt-failed.ts';
import { compositeOf } from '../flow/composites.ts';
import { isBehindFailure } from '../read/is-behind-failure.ts';
import { isDefeated } from '../read/tolerates-failure.ts';
import { consentFrom } from '../state/approval-policy.ts';
import type { Draft } from '../state/draft.ts';
import { isBound } from '../state/gates.ts';
import { nextVisit, wasEntered } from '../state/idle-node.ts';
import { FRESH_LOOP } from '../state/new-frame.ts';
import { ROOT } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import { placesOf } from '../state/place.ts';
import type { FrameId, Gate, Guidance, LoopContext, NodeKey, NodeState } from '../state/run.ts';
import { framesOf } from '../state/view.ts';

export interface Reopening {
  readonly by: string;
  /** Only this failed node is reopened; null for all of them. */
  readonly only: NodeKey | null;
  readonly guidance: readonly Guidance[];
  /** A failed node that the caller handles itself. */
  readonly spared: NodeKey | null;
}

/** Reopens a run that is over: what failed, was blocked or stopped; the rest stays as it is. */
export function reopenRun(draft: Draft, reopening: Reopening): void {
  const { counters, consentUntil } = draft.run;
  voidOpenGates(draft, 'resumed');
  draft.update({
    status: 'running',
    reason: null,
    startedAt: draft.run.startedAt ?? draft.at,
    settledAt: null,
    pendingOutcome: null,
    draining: false,
    consentUntil: consentUntil === null ? null : consentFrom(draft),
    counters: { ...counters, resumes: counters.resumes + 1 },
  });
  grantAgain(draft);
  draft.record('run-resumed', { actor: reopening.by });
  reopenFrame(draft, ROOT, reopening);
}

function reopenFrame(draft: Draft, id: FrameId, reopening: Reopening): void {
  const tooFew = draft.frame(id).failure?.code === 'not-enough-members';
  draft.updateFrame(id, { status: 'running', draining: false, ending: null, failure: null });
  refreshUsedUpLoops(draft, id);
  const places = placesOf(draft, id);
  const blocked = new Set(places.filter((place) => draft.node(place).status === 'blocked'));
  for (const place of places) {
    if (!place.node.finally) reopenNode(draft, place, reopening, tooFew);
  }
  for (const place of places) {
    if (place.node.finally) setBack(draft, place, null);
    else if (draft.node(place).status === 'blocked') unblock(draft, place, reopening.spared);
  }
  for (const place of places) {
    if (draft.node(place).status !== 'idle') continue;
    if (blocked.has(place) || !hasPending(draft, place)) draft.wake(place.key);
  }
  if (!places.some((place) => wasEntered(draft.node(place)))) enterFrame(draft, id);
  draft.touch(id);
}

function reopenNode(draft: Draft, place: Place, reopening: Reopening, tooFew: boolean): void {
  const { status } = draft.node(place);
  if (place.key === reopening.spared) return;
  if (status === 'failed' && isMeant(draft, place, reopening, tooFew)) {
    reviveOrRestart(draft, place, reopening, contextFor(draft, place, reopening));
  } else if (status === 'cancelled') {
    reviveOrRestart(draft, place, reopening, null);
  }
}

function isMeant(draft: Draft, place: Place, { only }: Reopening, tooFew: boolean): boolean {
  if (!isDefeated(draft.node(place)) && !tooFew) return false;
  return only === null || isWithin(only, place.key) || isWithin(place.key, only);
}

/** True for the node itself and everything inside it. */
function isWithin(key: NodeKey, outer: NodeKey): boolean {
  return key === outer || key.startsWith(`${outer}/`) || key.startsWith(`${outer}[`);
}

/** Finished work is not thrown away: members continue where they were, a gate asks again. */
function reviveOrRestart(
  draft: Draft,
  place: Place,
  reopening: Reopening,
  context: LoopContext | null,
): void {
  const state = draft.node(place);
  const gate = unansweredGate(draft, place, state);
  if (gate !== null) {
    draft.updateNode(place, { reason: null, finishedAt: null });
    return void reopenGate(draft, place, gate);
  }
  if (reviveMembers(draft, place, reopening)) return;
  const wasTurn = wasEntered(state);
  setBack(draft, place, context);
  if (wasTurn && !mustWait(draft, place)) makeReady(draft, place, 0);
}

/** Something approved before it may have been taken back since its turn came. */
function mustWait(draft: Draft, place: Place): boolean {
  const isJoin = place.index.graph.mode === 'graph' && place.node.join === 'all';
  return isJoin && hasPending(draft, place);
}

/** The gate where this visit's answer was denied or left undecided. */
function unansweredGate(draft: Draft, place: Place, state: NodeState): Gate | null {
  if (state.result === null || kindOf(place.node).settledBy === 'person') return null;
  const gate = draft.run.gates.find(({ id }) => id === state.gate);
  if (gate === undefined || gate.when !== 'after' || !isBound(gate)) return null;
  if (gate.visit !== state.visit || gate.decision?.verdict === 'approve') return null;
  return gate;
}

function reviveMembers(draft: Draft, place: Place, reopening: Reopening): boolean {
  const state = draft.node(place);
  if (state.phase === 'merge' && state.result?.outcome === 'ok') {
    draft.updateNode(place, { reason: null, finishedAt: null });
    tryAgain(draft, place, 'interrupted', 0);
    return true;
  }
  if (state.phase !== 'members') return false;
  const frames = framesOf(draft, place.key, place.node, state);
  const stopped = frames.filter(
    ({ frame }) => frame.status === 'failed' || frame.status === 'cancelled',
  );
  if (stopped.length === 0 && state.items === null) return false;
  draft.updateNode(place, { status: 'running', reason: null, finishedAt: null });
  for (const { id } of stopped) reopenFrame(draft, id, reopening);
  compositeOf(place.node)?.advance(draft, place);
  return true;
}

function setBack(draft: Draft, place: Place, loopContext: LoopContext | null): void {
  draft.setNode(place, { ...nextVisit(draft.node(place)), loopContext });
}

/** Unblocks it unless something before it is still failed. */
function unblock(draft: Draft, place: Place, spared: NodeKey | null): void {
  const isStuck = isBehindFailure(draft, place, (id) => place.frame + id === spared);
  if (!isStuck) setBack(draft, place, null);
}

function refreshUsedUpLoops(draft: Draft, id: FrameId): void {
  for (const [loop, state] of Object.entries(draft.frame(id).loops)) {
    if (state.exhausted !== null) draft.setLoop(id, loop, FRESH_LOOP);
  }
}

function contextFor(draft: Draft, place: Place, reopening: Reopening): LoopContext {
  const state = draft.node(place);
  return {
    loop: 'resume',
    iteration: draft.run.counters.resumes,
    max: draft.plan.policies.caps.visitsPerNode,
    failures: state.reason === null ? [] : [state.reason.message],
    guidance: [...(state.loopContext?.guidance ?? []), ...reopening.guidance],
    previousAttempts: previousAttempts(state),
    source: { node: place.key, visit: state.visit },
    workspace: 'keep',
  };
}
