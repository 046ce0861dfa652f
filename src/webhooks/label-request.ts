import type { Context } from 'probot';
import type { Command } from '../commands/command.ts';
import { actorFor, type CommandRequest, repositoryContextFor } from '../verbs/request.ts';
import type { WebhookDeps } from '../verbs/webhook-deps.ts';

type LabelEvent =
  | 'issues.labeled'
  | 'issues.unlabeled'
  | 'pull_request.labeled'
  | 'pull_request.unlabeled';

/** What a label that came or went asks for; null: the event belongs to no installation. */
export function labelRequest(
  deps: WebhookDeps,
  context: Context<LabelEvent>,
  command: Command,
): CommandRequest | null {
  const { label, repository, sender, installation } = context.payload;
  if (installation === undefined) return null;
  const { number, updated_at: at } =
    'issue' in context.payload ? context.payload.issue : context.payload.pull_request;
  return {
    command,
    actor: actorFor(sender),
    octokit: deps.github.installation(installation.id),
    installationId: installation.id,
    repository: repositoryContextFor(repository),
    number,
    trigger: {
      via: 'label',
      login: sender.login,
      text: label?.name ?? '',
      deliveryId: context.id,
      commentId: null,
      at,
    },
    key: `${context.id}/0`,
  };
}
