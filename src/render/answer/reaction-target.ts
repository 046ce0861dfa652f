import type { Trigger } from '../../engine/state/run-context.ts';

export type ReactionPlace =
  | { readonly type: 'item'; readonly number: number }
  | { readonly type: 'comment'; readonly id: number }
  | { readonly type: 'node'; readonly id: string };

/** What a command's reactions go to: the very words that asked, else the issue or pull request. */
export function reactionTarget({ commentId, reviewNode }: Trigger, number: number): ReactionPlace {
  if (reviewNode !== undefined) return { type: 'node', id: reviewNode };
  return commentId === null ? { type: 'item', number } : { type: 'comment', id: commentId };
}
