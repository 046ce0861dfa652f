import type { Context } from 'probot';
import { moveHead } from '../runs/move-head.ts';
import { isOwnBot } from './is-own-bot.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Somebody else pushed to a run's branch: what was approved there is not what is there now. */
export function onPush(deps: WebhookDeps) {
  return async (context: Context<'push'>): Promise<void> => {
    const { ref, after, deleted, repository, sender, pusher } = context.payload;
    const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    // Another bot's push moves the head like anybody's; only what we push is in the run already.
    if (branch === undefined || deleted || (await isOwnBot(deps, sender))) return;
    await moveHead(deps.runs, {
      repositoryId: repository.id,
      branch,
      headSha: after,
      by: sender?.login ?? pusher.name,
    });
  };
}
