import type { Context } from 'probot';
import { moveHead } from '../runs/move-head.ts';
import { actorFor } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Somebody else pushed to a run's branch: what was approved there is not what is there now. */
export function onPush(deps: WebhookDeps) {
  return async (context: Context<'push'>): Promise<void> => {
    const { ref, after, deleted, repository, sender } = context.payload;
    const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    if (branch === undefined || deleted || sender === undefined || actorFor(sender).isApp) return;
    await moveHead(deps.runs, {
      repositoryId: repository.id,
      branch,
      headSha: after,
      by: sender.login,
    });
  };
}
