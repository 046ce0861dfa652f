import { isObject } from '../../plan/json.ts';
import { charge } from '../ask/budget.ts';
import { lookedWell } from '../ask/look-first.ts';
import { rewound } from '../ask/note-head.ts';
import type { Completed } from '../flow/accept-answer.ts';
import { acceptAnswer } from '../flow/accept-answer.ts';
import { attemptFailed } from '../flow/attempt-failed.ts';
import { compositeOf } from '../flow/composites.ts';
import { withMemberHead } from '../read/member-trees.ts';
import { mustRewind } from '../read/must-rewind.ts';
import { treeOf } from '../read/workspace-for.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import { findAttempt } from '../state/find-attempt.ts';
import type { Handling } from '../state/handler.ts';
import type { Place } from '../state/place.ts';
import type { NodeState } from '../state/run.ts';
import { followHead } from './head-moved.ts';

/** An attempt ended. If it is not the current one, nothing changes. */
export function nodeFinished(
  draft: Draft,
  event: Extract<RunEvent, { type: 'node.finished' }>,
): Handling {
  const place = findAttempt(draft, event);
  if (place === null) return 'ignored';
  const { result, refusedCommands = [] } = event;
  for (const line of refusedCommands) draft.record('command-refused', { place, detail: line });
  if (result.status === 'failed') {
    charge(draft, place, result.usage);
    attemptFailed(draft, place, result.failure, result.text);
    return 'applied';
  }
  keepTrack(draft, place, result);
  if (mustRewind(place.node, draft.node(place))) {
    charge(draft, place, result.usage);
    rewound(draft, place, result);
    return 'applied';
  }
  PHASES[draft.node(place).phase ?? 'work'](draft, place, result);
  return 'applied';
}

/** A commit on the branch contains everything that was uncommitted before it. */
function keepTrack(draft: Draft, place: Place, { commit, headSha, uncommitted }: Completed): void {
  const tree = treeOf(draft, place.frame, place.node);
  if (commit !== null && tree !== '') draft.update(withMemberHead(draft.run, tree, commit));
  if (headSha !== null) followHead(draft, headSha);
  if (headSha !== null || uncommitted !== undefined) {
    draft.update({ uncommitted: uncommitted ?? null });
  }
}

type Finish = (draft: Draft, place: Place, result: Completed) => void;

/** What an answer means depends on what the worker was asked to do. */
const PHASES: Readonly<Record<'work' | NonNullable<NodeState['phase']>, Finish>> = {
  work: acceptAnswer,
  preflight: lookedWell,
  prepare: (draft, place, result) => {
    charge(draft, place, result.usage);
    compositeOf(place.node)?.prepared(draft, place, result);
  },
  members: () => undefined,
  merge: (draft, place, result) => {
    const members = draft.node(place).result;
    const data = { ...(isObject(members?.data) ? members.data : {}), merge: result.data };
    const warnings = [...(members?.warnings ?? []), ...result.warnings];
    acceptAnswer(draft, place, { ...result, data, warnings });
  },
};
