import type { Context } from 'probot';
import type { Command } from '../commands/command.ts';
import { performCommands } from './perform-commands.ts';
import { actorFor, repositoryContextFor } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Taking `sluice:running` or `sluice:waiting` off cancels; taking `sluice:failed` off resumes. */
const COMMANDS: Readonly<Record<string, Command>> = {
  running: { type: 'cancel', run: null, reason: 'its label was taken off' },
  waiting: { type: 'cancel', run: null, reason: 'its label was taken off' },
  failed: { type: 'resume', run: null, text: null },
};

export function onUnlabeled(deps: WebhookDeps) {
  return async (context: Context<'issues.unlabeled' | 'pull_request.unlabeled'>): Promise<void> => {
    const { label, repository, sender, installation } = context.payload;
    const [prefix, state = ''] = (label?.name ?? '').split(':');
    const command = prefix === deps.settings.prefix ? COMMANDS[state] : undefined;
    const actor = actorFor(sender);
    // Our own labels come off by our own hand all the time.
    if (command === undefined || installation === undefined || actor.type !== 'User') return;
    const { number } =
      'issue' in context.payload ? context.payload.issue : context.payload.pull_request;

    await performCommands(deps, [
      {
        command,
        actor,
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
