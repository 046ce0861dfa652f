import type { Context } from 'probot';
import { restoreComment } from '../runs/restore-comment.ts';
import { actorFor } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Somebody deleted a comment of ours: the state it showed is shown again, once. */
export function onIssueCommentDeleted(deps: WebhookDeps) {
  return async (context: Context<'issue_comment.deleted'>): Promise<void> => {
    const { comment, sender } = context.payload;
    if (comment.user?.type !== 'Bot' || actorFor(sender).isApp) return;
    await restoreComment(deps.runs, comment.id);
  };
}
