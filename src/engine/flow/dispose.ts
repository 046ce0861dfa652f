import { openGate } from '../ask/open-gate.ts';
import { settleEdges } from '../ask/settle-edges.ts';
import { cancelNode } from '../ask/stop-nodes.ts';
import { toleratesFailure } from '../read/tolerates-failure.ts';
import type { Draft } from '../state/draft.ts';
import { isAtWork } from '../state/find-attempt.ts';
import { edgesOutOf, reach } from '../state/graph-index.ts';
import { isLive } from '../state/is-live.ts';
import type { Place } from '../state/place.ts';
import { placeIn, placesOf } from '../state/place.ts';
import type { FrameFailure, FrameId } from '../state/run.ts';
import { framesOf } from '../state/view.ts';
import type { Defeat } from './defeat.ts';

/** A node has failed and nothing can bring it back: its disposition says what happens. */
export function dispose(draft: Draft, place: Place, why: Defeat): void {
  if (toleratesFailure(draft, draft.frame(place.frame), place.node)) {
    return forgive(draft, place, why);
  }
  giveUp(draft, place, why);
}

/** At a checkpoint a person is asked; any other node fails its frame. */
export function giveUp(draft: Draft, place: Place, why: Defeat): void {
  if (place.node.disposition === 'checkpoint') return askWhatToDo(draft, place, why);
  failNode(draft, place, why);
  failFrame(draft, place.frame, {
    code: why.code,
    message: why.message,
    escalate: why.escalate,
    loop: why.loop,
    node: why.culprit ?? place.key,
  });
}

/** Sets the node's state after a failure; its edges stay pending and what follows is blocked. */
export function failNode(draft: Draft, place: Place, why: Defeat): void {
  const { code, message } = why;
  draft.updateNode(place, {
    status: 'failed',
    reason: { code, message },
    finishedAt: draft.at,
    execution: null,
  });
  draft.record('node-failed', { place, reasonCode: code, detail: message });
  blockDescendants(draft, place);
  draft.touch(place.frame);
}

/** From now on nothing new starts in the frame; only the first failure is recorded. */
export function failFrame(draft: Draft, frame: FrameId, failure: FrameFailure): void {
  const known = draft.frame(frame).failure;
  if (known === null) draft.updateFrame(frame, { failure });
  drain(draft, frame);
  if (draft.plan.policies.onFailure === 'cancel') cancelRunning(draft, frame);
}

/** Nothing new starts in the frame or inside its running members. */
export function drain(draft: Draft, frame: FrameId): void {
  if (!draft.frame(frame).draining) draft.updateFrame(frame, { draining: true });
  draft.touch(frame);
  for (const place of placesOf(draft, frame)) {
    const state = draft.node(place);
    if (state.status !== 'running' || state.phase !== 'members') continue;
    for (const inner of framesOf(draft, place.key, place.node, state)) {
      if (inner.frame.status === 'running') drain(draft, inner.id);
    }
  }
}

/** The node failed permanently and the flow goes on without it. */
export function forgive(draft: Draft, place: Place, { code, message }: Defeat): void {
  draft.updateNode(place, {
    status: 'failed',
    forgiven: true,
    reason: { code, message },
    finishedAt: draft.at,
    execution: null,
  });
  draft.record('node-failed', { place, reasonCode: code, detail: message });
  settleEdges(draft, place, 'all');
  draft.touch(place.frame);
}

function askWhatToDo(draft: Draft, place: Place, why: Defeat): void {
  draft.updateNode(place, { reason: { code: why.code, message: why.message }, execution: null });
  openGate(draft, place, { kind: 'checkpoint', when: 'after', trigger: why.message });
}

function blockDescendants(draft: Draft, place: Place): void {
  const below = reach(place.node.id, (id) => edgesOutOf(place.index, id).map((edge) => edge.to));
  for (const id of below) {
    const descendant = placeIn(draft, place.frame, id);
    if (descendant === null || descendant.node.finally) continue;
    if (draft.node(descendant).status !== 'idle') continue;
    const reason = { code: 'blocked', message: `${place.node.id} failed.` };
    draft.updateNode(descendant, { status: 'blocked', reason, finishedAt: draft.at });
  }
}

function cancelRunning(draft: Draft, frame: FrameId): void {
  for (const place of placesOf(draft, frame)) {
    const { status } = draft.node(place);
    if (isLive(status) && (isAtWork(draft, place) || status === 'running')) {
      cancelNode(draft, place, 'cancelled');
    }
  }
}
