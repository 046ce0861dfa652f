import type { Trigger } from '../../engine/state/run-context.ts';
import type { ReactionTarget } from '../../forge/items.ts';

/** Where a command's reactions go: the very words that asked, else the issue or pull request. */
export function reactionTarget({ commentId, reviewNode }: Trigger, number: number): ReactionTarget {
  if (reviewNode !== undefined) return { type: 'node', id: reviewNode };
  return commentId === null ? { type: 'item', number } : { type: 'comment', id: commentId };
}
