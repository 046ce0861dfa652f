import type { Context } from 'probot';
import { restoreComment } from '../runs/restore-comment.ts';
import { isOwnBot } from './is-own-bot.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Somebody else deleted a comment of ours: the state it showed is shown again, once. */
export function onIssueCommentDeleted(deps: WebhookDeps) {
  return async (context: Context<'issue_comment.deleted'>): Promise<void> => {
    const { comment, sender } = context.payload;
    if (!(await isOwnBot(deps, comment.user)) || (await isOwnBot(deps, sender))) return;
    await restoreComment(deps.runs, comment.id);
  };
}
