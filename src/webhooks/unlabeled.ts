import type { Context } from 'probot';
import type { Command } from '../commands/command.ts';
import { labelRequest } from './label-request.ts';
import { performCommands } from './perform-commands.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Taking `sluice:running` or `sluice:waiting` off cancels; taking `sluice:failed` or `sluice:needs-human` off resumes. */
const COMMANDS: Readonly<Record<string, Command>> = {
  running: { type: 'cancel', run: null, reason: 'its label was taken off' },
  waiting: { type: 'cancel', run: null, reason: 'its label was taken off' },
  failed: { type: 'resume', run: null, text: null },
  'needs-human': { type: 'resume', run: null, text: null },
};

export function onUnlabeled(deps: WebhookDeps) {
  return async (context: Context<'issues.unlabeled' | 'pull_request.unlabeled'>): Promise<void> => {
    const [prefix, state = ''] = (context.payload.label?.name ?? '').split(':');
    const command = prefix === deps.settings.prefix ? COMMANDS[state] : undefined;
    if (command === undefined) return;
    const request = labelRequest(deps, context, command);
    // Our own labels come off by our own hand all the time.
    if (request?.actor.type === 'User') await performCommands(deps, [request]);
  };
}
