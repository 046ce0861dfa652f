import type { Context } from 'probot';
import { parseComment } from '../commands/from-comment.ts';
import { isSettled } from '../engine/is-settled.ts';
import { openGates } from '../engine/open-gates.ts';
import { readThreadRuns } from '../runs/thread-runs.ts';
import { answerMistake } from './answer-mistake.ts';
import { listWorkflowNames } from './find-workflow.ts';
import { performCommands } from './perform-commands.ts';
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
    const runs = await readThreadRuns(deps.runs, {
      repositoryId: repository.id,
      number: issue.number,
    });
    const parsed = parseComment(comment.body, {
      prefix: deps.settings.prefix,
      appSlug,
      ...(await listWorkflowNames(deps, octokit, repository)),
      steps: runs.flatMap(({ run }) =>
        openGates(run).flatMap((gate) => [gate.node, gate.subject.node]),
      ),
      open: runs.some(({ run }) => !isSettled(run.status) || run.status === 'failed'),
      bare: deps.settings.bareCommands,
    });
    if (parsed.type === 'ignore') return;

    const request = {
      actor,
      octokit,
      installationId: installation.id,
      repository,
      number: issue.number,
      trigger: {
        via: 'comment' as const,
        login: sender.login,
        text: firstLine(comment.body),
        deliveryId: context.id,
        commentId: comment.id,
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
