import type { Context } from 'probot';
import { answerMistake } from './answer-mistake.ts';
import { performCommands } from './perform-commands.ts';
import { readComment } from './read-comment.ts';
import { actorFor, repositoryContextFor } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Commands in a new comment. Edited comments are nobody's command: what was said at first counts. */
export function onIssueCommentCreated(deps: WebhookDeps) {
  return async (context: Context<'issue_comment.created'>): Promise<void> => {
    const { comment, issue, sender, installation } = context.payload;
    const actor = actorFor(sender);
    const appSlug = await deps.appSlug();
    if (installation === undefined || actor.type !== 'User' || !mayBeMeant(comment.body, appSlug))
      return;

    const repository = repositoryContextFor(context.payload.repository);
    const octokit = deps.github.installation(installation.id);
    const parsed = await readComment(deps, {
      body: comment.body,
      deliveryId: context.id,
      octokit,
      repository,
      number: issue.number,
    });
    if (parsed.type === 'ignore') return;

    const request = {
      actor,
      octokit,
      installationId: installation.id,
      repository,
      number: issue.number,
      saidAt: comment.created_at,
      trigger: {
        via: 'comment' as const,
        login: sender.login,
        text: firstLine(comment.body),
        deliveryId: context.id,
        commentId: comment.id,
        at: comment.created_at,
      },
    };
    if (parsed.type === 'answer')
      return answerMistake(deps, { ...request, key: `${context.id}/0` }, parsed);
    await performCommands(
      deps,
      parsed.commands.map((command, index) => ({
        ...request,
        command,
        key: `${context.id}/${index}`,
      })),
    );
  };
}

/** Most comments are people talking to people: they cost no request to GitHub. */
function mayBeMeant(body: string, appSlug: string): boolean {
  return /^\s*\/[a-z]/im.test(body) || body.toLowerCase().includes(`@${appSlug.toLowerCase()}`);
}

function firstLine(body: string): string {
  return body.trim().split('\n')[0]?.slice(0, 120) ?? '';
}
