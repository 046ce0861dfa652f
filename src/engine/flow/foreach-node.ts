import type { Json } from '../../plan/json.ts';
import type { ForeachNode } from '../../plan/plan.ts';
import type { ForeachProgress } from '../read/foreach-progress.ts';
import {
  foreachProgress,
  isEnough,
  isGoodEnough,
  isLost,
  isStartable,
} from '../read/foreach-progress.ts';
import type { Draft } from '../state/draft.ts';
import { frameIdFor } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import type { FrameFailure } from '../state/run.ts';
import { foreachData } from './compose-answer.ts';
import type { Composite } from './composite.ts';
import { drain } from './dispose.ts';
import { failureIn, membersDrained, membersFailed, membersSucceeded } from './members-ended.ts';
import { openMembers } from './open-members.ts';

/** One frame per item, a limited number at a time, each item after those it depends on. */
export const foreachComposite: Composite<ForeachNode> = {
  needsPreparation: (node) => node.items.type !== 'list',
  open: (draft, place, node) =>
    expand(draft, place, node, node.items.type === 'list' ? node.items.items : []),
  prepared: (draft, place, node, answer) => expand(draft, place, node, answer.items ?? []),
  advance,
};

function expand(draft: Draft, place: Place, node: ForeachNode, items: readonly Json[]): void {
  forgetEarlierTry(draft, place, items.length);
  draft.updateNode(place, { items });
  openMembers(draft, place, []);
  draft.record('expanded', { place, detail: `${items.length} items` });
  advance(draft, place, node);
}

/** Members of an earlier try in the same visit become history. */
function forgetEarlierTry(draft: Draft, place: Place, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const id = frameIdFor(place.key, index);
    if (draft.frames[id] !== undefined) draft.updateFrame(id, { parentVisit: 0 });
  }
}

function advance(draft: Draft, place: Place, node: ForeachNode): void {
  const mayStart = !draft.frame(place.frame).draining;
  if (mayStart && !startMembers(draft, place, node)) return;
  const now = foreachProgress(draft, place);
  if (isEnough(node, now)) return succeed(draft, place, now);
  if (now.running > 0) {
    if (isLost(node, now)) drainMembers(draft, place, now);
    return;
  }
  if (!mayStart && now.failed === 0) return membersDrained(draft, place);
  if (isGoodEnough(node, now)) return succeed(draft, place, now);
  membersFailed(draft, place, failureOf(now, place));
}

/** False when a member could not be opened, which has ended the node. */
function startMembers(draft: Draft, place: Place, node: ForeachNode): boolean {
  const { graph } = node;
  const open = (index: number, item: Json, tries: number): boolean =>
    openMembers(draft, place, [{ graph, index, item, params: {}, tries }]);
  const before = foreachProgress(draft, place);
  for (const [index, frame] of before.members.entries()) {
    if (frame?.status !== 'failed' || frame.tries >= node.memberRetries) continue;
    draft.record('member-retry', { place, detail: `item ${index}` });
    if (!open(index, frame.item, frame.tries + 1)) return false;
  }
  const now = foreachProgress(draft, place);
  if (isLost(node, now) || isEnough(node, now)) return true;
  let free = Math.max(1, node.maxParallel) - now.running;
  for (const [index, item] of now.items.entries()) {
    if (free <= 0) break;
    if (!isStartable(now, index)) continue;
    if (!open(index, item, 0)) return false;
    free -= 1;
  }
  return true;
}

function drainMembers(draft: Draft, place: Place, now: ForeachProgress): void {
  for (const [index, frame] of now.members.entries()) {
    if (frame?.status === 'running') drain(draft, frameIdFor(place.key, index));
  }
}

function succeed(draft: Draft, place: Place, now: ForeachProgress): void {
  const warnings = now.members.flatMap((frame, index) =>
    frame?.status === 'failed' ? [`Item ${index} failed: ${frame.failure?.message ?? ''}`] : [],
  );
  membersSucceeded(draft, place, {
    data: foreachData(draft, place),
    headline: `${now.completed} of ${now.items.length} items are done.`,
    warnings,
  });
}

function failureOf(now: ForeachProgress, place: Place): FrameFailure {
  const failed = now.members.find((frame) => frame?.status === 'failed');
  if (failed !== null && failed !== undefined) return failureIn(failed, place);
  const message = `Only ${now.completed} of ${now.items.length} items are done.`;
  return { code: 'not-enough-members', message, node: place.key, escalate: false, loop: null };
}
