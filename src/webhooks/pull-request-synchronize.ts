import type { Context } from 'probot';
import { moveSubject } from '../runs/move-head.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Somebody pushed to a pull request, maybe us for another run: what was approved is not what is there now. */
export function onPullRequestSynchronize(deps: WebhookDeps) {
  return async (context: Context<'pull_request.synchronize'>): Promise<void> => {
    const { number, pull_request: pull, repository, sender } = context.payload;
    await moveSubject(deps.runs, {
      repositoryId: repository.id,
      number,
      headSha: pull.head.sha,
      by: sender.login,
    });
  };
}
