import type { Context } from 'probot';
import { commandFromLabel } from '../commands/from-label.ts';
import { performCommands } from './perform-commands.ts';
import { actorFor, repositoryContextFor } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** A label such as `sluice:feature` on an issue or a pull request starts that workflow. */
export function onLabeled(deps: WebhookDeps) {
  return async (context: Context<'issues.labeled' | 'pull_request.labeled'>): Promise<void> => {
    const { label, repository, sender, installation } = context.payload;
    const command = commandFromLabel(label?.name ?? '', deps.settings.prefix);
    if (command === null || installation === undefined) return;
    const { number } =
      'issue' in context.payload ? context.payload.issue : context.payload.pull_request;

    await performCommands(deps, [
      {
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
        },
        key: `${context.id}/0`,
      },
    ]);
  };
}
