import type { Context } from 'probot';
import { performSpoken } from './spoken.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Commands in a new comment. Edits are ignored: what was said first is what counts. */
export function onIssueCommentCreated(deps: WebhookDeps) {
  return async (context: Context<'issue_comment.created'>): Promise<void> => {
    const { comment, issue } = context.payload;
    await performSpoken(deps, context, {
      body: comment.body,
      number: issue.number,
      at: comment.created_at,
      place: { commentId: comment.id },
    });
  };
}
