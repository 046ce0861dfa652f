import type { Json } from '../../plan/json.ts';
import type { CompleteWhen, ForeachNode } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import { frameIdFor } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import type { Frame } from '../state/run.ts';
import { dependenciesOf } from './item-dependencies.ts';

/** How far along the items of a foreach are. A member that never started is null. */
export interface ForeachProgress {
  readonly items: readonly Json[];
  readonly members: readonly (Frame | null)[];
  readonly completed: number;
  readonly failed: number;
  readonly running: number;
}

export function foreachProgress(draft: Draft, place: Place): ForeachProgress {
  const { items, visit } = draft.node(place);
  const members = (items ?? []).map((_, index) => {
    const frame = draft.frames[frameIdFor(place.key, index)];
    return frame?.parentVisit === visit ? frame : null;
  });
  const count = (status: Frame['status']): number =>
    members.filter((frame) => frame?.status === status).length;
  return {
    items: items ?? [],
    members,
    completed: count('completed'),
    failed: count('failed'),
    running: count('running'),
  };
}

/** An item starts once, after everything it depends on has completed. */
export function isStartable(now: ForeachProgress, index: number): boolean {
  if (now.members[index] !== null) return false;
  return dependenciesOf(now.items, index).every((at) => now.members[at]?.status === 'completed');
}

export function isEnough(node: ForeachNode, now: ForeachProgress): boolean {
  return now.completed >= wanted(node.completeWhen, now.items.length);
}

/** True when the members can no longer meet what the node asks for. */
export function isLost(node: ForeachNode, now: ForeachProgress): boolean {
  if (node.completeWhen === 'all') return node.onMemberFailure === 'fail' && now.failed > 0;
  const possible = now.items.length - now.failed;
  return possible < wanted(node.completeWhen, now.items.length);
}

/** `all` with `continue`: failures become a warning, unless nothing worked at all. */
export function isGoodEnough(node: ForeachNode, now: ForeachProgress): boolean {
  return node.completeWhen === 'all' && node.onMemberFailure === 'continue' && now.completed > 0;
}

export function wanted(completeWhen: CompleteWhen, total: number): number {
  if (completeWhen === 'all') return total;
  return Math.min(completeWhen === 'any' ? 1 : completeWhen, total);
}
