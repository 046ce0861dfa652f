import type { Context } from 'probot';
import { performSpoken } from './spoken.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Commands in the body of a review. Approving the pull request on GitHub does not by itself decide a gate. */
export function onReviewSubmitted(deps: WebhookDeps) {
  return async (context: Context<'pull_request_review.submitted'>): Promise<void> => {
    const { review, pull_request: pull } = context.payload;
    if (review.submitted_at === null) return;
    await performSpoken(deps, context, {
      body: review.body,
      number: pull.number,
      at: review.submitted_at,
      place: { commentId: null, reviewNode: review.node_id },
      ...(review.commit_id !== null && { commit: review.commit_id }),
    });
  };
}

/** Commands in a comment on a line or a file, on its own or as part of a review. */
export function onReviewCommentCreated(deps: WebhookDeps) {
  return async (context: Context<'pull_request_review_comment.created'>): Promise<void> => {
    const { comment, pull_request: pull } = context.payload;
    await performSpoken(deps, context, {
      body: comment.body,
      number: pull.number,
      at: comment.created_at,
      place: { commentId: null, reviewNode: comment.node_id },
    });
  };
}
