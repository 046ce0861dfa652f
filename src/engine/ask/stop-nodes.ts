import type { Draft } from '../state/draft.ts';
import { isAtWork } from '../state/find-attempt.ts';
import { isLive } from '../state/is-live.ts';
import type { Place } from '../state/place.ts';
import { placesOf } from '../state/place.ts';
import type { FrameId } from '../state/run.ts';
import { framesOf } from '../state/view.ts';
import { voidGatesOf } from './void-gates.ts';

/** Ends whatever is going on in the node, members included; the caller sets its own state. */
export function stopWork(draft: Draft, place: Place, reason: string): void {
  const state = draft.node(place);
  if (isAtWork(draft, place)) {
    const { visit, attempt } = state;
    draft.effect({ type: 'stop-node', node: place.key, visit, attempt });
  }
  voidGatesOf(draft, place.key, reason);
  if (state.phase !== 'members') return;
  for (const { id, frame } of framesOf(draft, place.key, place.node, state)) {
    if (frame.status === 'running') cancelFrame(draft, id, reason);
  }
}

/** Ends a frame and everything in it. Finished nodes stay as they are. */
export function cancelFrame(draft: Draft, frame: FrameId, reason: string): void {
  cancelNodes(draft, frame, reason);
  draft.updateFrame(frame, { status: 'cancelled', ending: 'cancelled' });
}

/** Cancels every node of a frame that has not ended, except finalisers that never started. */
export function cancelNodes(draft: Draft, frame: FrameId, reason: string): void {
  for (const place of placesOf(draft, frame)) {
    const { status } = draft.node(place);
    if (status === 'idle' ? !place.node.finally : isLive(status)) {
      cancelNode(draft, place, reason);
    }
  }
}

export function cancelNode(draft: Draft, place: Place, reason: string): void {
  stopWork(draft, place, reason);
  draft.updateNode(place, {
    status: 'cancelled',
    reason: { code: reason, message: MESSAGES[reason] ?? reason },
    finishedAt: draft.at,
    execution: null,
  });
  draft.record('node-cancelled', { place, reasonCode: reason });
  draft.touch(place.frame);
}

const MESSAGES: Readonly<Record<string, string>> = {
  drained: 'Not started any more: another step had failed.',
  cancelled: 'The run was cancelled.',
  halted: 'Stopped: another step called a halt.',
  denied: 'Stopped: the run was denied.',
  expired: 'Stopped: nobody decided in time.',
  'time-cap': 'Stopped: the time of the run was up.',
  enough: 'Not needed any more: enough members have finished.',
  superseded: 'An earlier step runs again.',
};
