import { endRun } from '../ask/end-run.ts';
import { cancelNode, cancelNodes } from '../ask/stop-nodes.ts';
import type { Draft } from '../state/draft.ts';
import { isLive } from '../state/is-live.ts';
import { ROOT } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import { findPlace, placesOf } from '../state/place.ts';
import type { Frame, FrameFailure, FrameId, RunStatus } from '../state/run.ts';
import { compositeOf } from './composites.ts';
import { endingOf } from './frame-ending.ts';

/** Ends a frame if it has come to its end, after its finalisers have run. */
export function checkFrame(draft: Draft, id: FrameId): void {
  const frame = draft.frame(id);
  if (frame.status !== 'running' || ownerOf(draft, frame) === 'gone') return;
  if (frame.ending === null) beginEnding(draft, id);
  if (draft.frame(id).ending !== null) endWhenQuiet(draft, id);
}

function beginEnding(draft: Draft, id: FrameId): void {
  const verdict = endingOf(draft, id);
  if (verdict === null) return;
  const { ending, failure } = verdict;
  if (ending === 'completed') passOver(draft, id);
  cancelNodes(draft, id, ending === 'completed' ? 'enough' : 'drained');
  draft.updateFrame(id, { ending, failure: draft.frame(id).failure ?? failure });
  if (id === ROOT) announceOutcome(draft);
  for (const place of placesOf(draft, id)) if (place.node.finally) draft.wake(place.key);
  draft.touch(id);
}

/** Steps that a frame never got to are no loss once it has reached its end. */
function passOver(draft: Draft, id: FrameId): void {
  for (const place of placesOf(draft, id)) {
    if (place.node.finally || draft.node(place).status !== 'idle') continue;
    const reason = { code: 'pruned', message: 'The way did not lead here.' };
    draft.updateNode(place, { status: 'skipped', reason, finishedAt: draft.at });
  }
}

function endWhenQuiet(draft: Draft, id: FrameId): void {
  const finalisers = placesOf(draft, id).filter(({ node }) => node.finally);
  const isWoken = finalisers.some((place) => draft.isWoken(place.key));
  if (isWoken) return draft.touch(id);
  if (finalisers.some((place) => isLive(draft.node(place).status))) return;
  for (const place of finalisers) {
    if (draft.node(place).status === 'idle') cancelNode(draft, place, 'drained');
  }
  const { ending } = draft.frame(id);
  draft.updateFrame(id, { status: ending ?? 'completed' });
  const owner = ownerOf(draft, draft.frame(id));
  if (owner === null) endRun(draft);
  else if (owner !== 'gone') compositeOf(owner.node)?.advance(draft, owner);
}

const OUTCOMES = { completed: 'succeeded', failed: 'failed', cancelled: 'cancelled' } as const;

function announceOutcome(draft: Draft): void {
  const { ending, failure } = draft.frame(ROOT);
  if (ending === null) return;
  const asks = failure !== null && (failure.escalate || isHandled(draft, failure));
  const pendingOutcome: RunStatus = ending === 'failed' && asks ? 'escalated' : OUTCOMES[ending];
  const reason =
    failure === null
      ? null
      : { code: failure.code, message: `${failure.node}: ${failure.message}` };
  draft.update({ pendingOutcome, reason });
}

/** With an escalation handler, every failure calls for help, except a person's denial. */
function isHandled(draft: Draft, failure: FrameFailure): boolean {
  return draft.plan.policies.escalation !== null && failure.code !== 'denied';
}

/** Null: it is the root. `gone`: the composite node has since been reset; the frame is history. */
function ownerOf(draft: Draft, frame: Frame): Place | 'gone' | null {
  if (frame.parent === null) return null;
  const place = findPlace(draft, frame.parent);
  if (place === null) return 'gone';
  const { status, phase, visit } = draft.node(place);
  return status === 'running' && phase === 'members' && visit === frame.parentVisit
    ? place
    : 'gone';
}
