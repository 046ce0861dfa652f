import type { Context } from 'probot';
import { commandFromLabel } from '../commands/from-label.ts';
import { performCommands } from '../verbs/perform-commands.ts';
import { labelRequest } from './label-request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** A label such as `sluice:feature` on an issue or a pull request starts that workflow. */
export function onLabeled(deps: WebhookDeps) {
  return async (context: Context<'issues.labeled' | 'pull_request.labeled'>): Promise<void> => {
    const command = commandFromLabel(context.payload.label?.name ?? '', deps.settings.prefix);
    if (command === null) return;
    const request = labelRequest(deps, context, command);
    if (request !== null) await performCommands(deps, [request]);
  };
}
