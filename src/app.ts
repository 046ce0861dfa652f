import type { Probot } from 'probot';
import {
  onCheckRunRequestedAction,
  onCheckRunRerequested,
} from './webhooks/check-run-requested.ts';
import { onCheckSuiteRerequested } from './webhooks/check-suite-rerequested.ts';
import { onIssueCommentCreated } from './webhooks/issue-comment-created.ts';
import { onIssueCommentDeleted } from './webhooks/issue-comment-deleted.ts';
import { onLabeled } from './webhooks/labeled.ts';
import { onPullRequestSynchronize } from './webhooks/pull-request-synchronize.ts';
import { onPush } from './webhooks/push.ts';
import { onReviewCommentCreated, onReviewSubmitted } from './webhooks/review-submitted.ts';
import { onUnlabeled } from './webhooks/unlabeled.ts';
import type { WebhookDeps } from './webhooks/webhook-deps.ts';

/** Deliveries of any other event are stored and left alone. */
const EVENTS: ReadonlySet<string> = new Set([
  'issues',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'issue_comment',
  'check_run',
  'check_suite',
  'push',
]);

export function handles(event: string): boolean {
  return EVENTS.has(event);
}

/** Which event goes to which handler, and nothing else. */
export function app(deps: WebhookDeps) {
  return (probot: Probot): void => {
    probot.on(['issues.labeled', 'pull_request.labeled'], onLabeled(deps));
    probot.on(['issues.unlabeled', 'pull_request.unlabeled'], onUnlabeled(deps));
    probot.on('issue_comment.created', onIssueCommentCreated(deps));
    probot.on('pull_request_review.submitted', onReviewSubmitted(deps));
    probot.on('pull_request_review_comment.created', onReviewCommentCreated(deps));
    probot.on('issue_comment.deleted', onIssueCommentDeleted(deps));
    probot.on('check_run.requested_action', onCheckRunRequestedAction(deps));
    probot.on('check_run.rerequested', onCheckRunRerequested(deps));
    probot.on('check_suite.rerequested', onCheckSuiteRerequested(deps));
    probot.on('push', onPush(deps));
    probot.on('pull_request.synchronize', onPullRequestSynchronize(deps));
  };
}
