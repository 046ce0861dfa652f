import type { Context } from 'probot';
import type { Command } from '../commands/command.ts';
import type { CommandRequest } from '../verbs/request.ts';
import { callerIn } from './caller.ts';
import type { WebhookDeps } from './webhook-deps.ts';

type LabelEvent =
  | 'issues.labeled'
  | 'issues.unlabeled'
  | 'pull_request.labeled'
  | 'pull_request.unlabeled';

/** What an added or removed label asks for; null if the event belongs to no installation. */
export function labelRequest(
  deps: WebhookDeps,
  context: Context<LabelEvent>,
  command: Command,
): CommandRequest | null {
  const { label, sender } = context.payload;
  const caller = callerIn(deps, context.payload);
  if (caller === null) return null;
  const { number, updated_at: at } =
    'issue' in context.payload ? context.payload.issue : context.payload.pull_request;
  return {
    ...caller,
    command,
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
