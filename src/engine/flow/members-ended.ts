import type { JsonObject } from '../../plan/json.ts';
import { kindOf } from '../../plan/kinds.ts';
import { addToNode } from '../ask/budget.ts';
import { cancelFrame, cancelNode } from '../ask/stop-nodes.ts';
import { commitsToMerge } from '../read/workspace-for.ts';
import type { Draft } from '../state/draft.ts';
import type { Failure } from '../state/event.ts';
import { addUsage, NO_USAGE } from '../state/idle-node.ts';
import type { Place } from '../state/place.ts';
import { findPlace } from '../state/place.ts';
import type { Frame, FrameFailure, Usage } from '../state/run.ts';
import { framesOf } from '../state/view.ts';
import { acceptAnswer } from './accept-answer.ts';
import { attemptFailed } from './attempt-failed.ts';
import { composedAnswer } from './compose-answer.ts';
import type { Defeat } from './defeat.ts';
import { NO_RESULT } from './mark-finished.ts';

export interface Success {
  readonly data: JsonObject;
  readonly headline: string;
  readonly warnings: readonly string[];
}

/** The members are done. A worker first merges isolated ones. */
export function membersSucceeded(draft: Draft, place: Place, success: Success): void {
  stopMembers(draft, place, 'enough');
  chargeMembers(draft, place);
  const { data, headline, warnings } = success;
  const commits = commitsToMerge(draft, place.frame, place.node);
  if (commits.length === 0) {
    return acceptAnswer(draft, place, composedAnswer(data, headline, warnings));
  }
  const { attempt } = draft.node(place);
  const result = { ...NO_RESULT, data, headline, warnings };
  draft.updateNode(place, { phase: 'merge', status: 'ready', attempt: attempt + 1, result });
  draft.touch(place.frame);
  draft.record('merge', { place, detail: `${commits.length} worktrees` });
}

/** A member failed, and the node with it: the first failure inside says why. */
export function membersFailed(draft: Draft, place: Place, failure: FrameFailure): void {
  stopMembers(draft, place, 'drained');
  chargeMembers(draft, place);
  const { code, message, escalate, loop, node } = failure;
  const why: Defeat = { code, message, escalate, loop, culprit: node };
  const failed: Failure = {
    class: classOf(draft, failure),
    reason: code,
    message,
    retryAfterMs: null,
  };
  attemptFailed(draft, place, failed, message, why);
}

/** The members were stopped because something outside failed. */
export function membersDrained(draft: Draft, place: Place): void {
  chargeMembers(draft, place);
  cancelNode(draft, place, 'drained');
}

/** If an agent ran out of time, the failure is not the fault of the members' work. */
function classOf(draft: Draft, { code, node }: FrameFailure): Failure['class'] {
  if (code === 'visit-cap' || code === 'call-depth') return 'policy';
  const place = findPlace(draft, node);
  const isLate = code === 'timeout' && place !== null && kindOf(place.node).worker === 'agent';
  return isLate ? 'timeout' : 'execution';
}

/** A frame that ended without a failure of its own must still say why it is incomplete. */
export function failureIn(frame: Frame, place: Place): FrameFailure {
  return (
    frame.failure ?? {
      code: 'member-failed',
      message: `${place.node.id} could not finish.`,
      node: place.key,
      escalate: false,
      loop: null,
    }
  );
}

function stopMembers(draft: Draft, place: Place, because: string): void {
  for (const { id, frame } of framesOf(draft, place.key, place.node, draft.node(place))) {
    if (frame.status === 'running') cancelFrame(draft, id, because);
  }
}

/** The members' cost is already charged to the run; here it is shown and counted for loops. */
function chargeMembers(draft: Draft, place: Place): void {
  const known = draft.node(place).usage;
  const all = membersUsage(draft, place);
  addToNode(draft, place, {
    inputTokens: Math.max(0, all.inputTokens - known.inputTokens),
    outputTokens: Math.max(0, all.outputTokens - known.outputTokens),
    usd: all.usd === null ? null : Math.max(0, all.usd - (known.usd ?? 0)),
  });
}

function membersUsage(draft: Draft, place: Place): Usage {
  let usage = NO_USAGE;
  for (const { frame } of framesOf(draft, place.key, place.node, draft.node(place))) {
    for (const state of Object.values(frame.nodes)) usage = addUsage(usage, state.usage);
  }
  return usage;
}
