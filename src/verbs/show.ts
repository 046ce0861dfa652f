import type { Command } from '../commands/command.ts';
import { changeLabels } from '../github/labels.ts';
import { addReaction } from '../github/reactions.ts';
import { reactionTarget } from '../render/answer/reaction-target.ts';
import { reactionFor } from '../render/answer/reactions.ts';
import { queueAnswer, queueRefusal } from '../runs/queue-answer.ts';
import type { Performed } from './performed.ts';
import type { CommandRequest } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** What was said, with the command it was understood as; left out: it was not understood. */
type Said = Omit<CommandRequest, 'command'> & { readonly command?: Command };

/** The reaction at once, the words through the queue. */
export async function show(
  deps: WebhookDeps,
  request: Said,
  { moment, answer, isRefusal }: Performed,
): Promise<void> {
  // A label that started nothing does not stay as if it had.
  if (moment !== null && moment !== 'admitted') await takeLabelOff(request);
  const { repository, trigger, number, octokit } = request;
  const name = { owner: repository.owner, repo: repository.name };
  // Pressing a button leaves nothing to react to.
  if (moment !== null && (trigger.via === 'comment' || trigger.via === 'label')) {
    const target = reactionTarget(trigger, number);
    await addReaction(octokit, name, target, reactionFor(moment), { urgent: true });
  }
  if (answer === undefined) return;
  const [body = '', ...more] = typeof answer === 'string' ? [answer] : answer;
  const { installationId, key } = request;
  const asked = { ...name, key, installationId, repositoryId: repository.id, number, body, more };
  if (isRefusal === true) await queueRefusal(deps.runs, asked, request.actor.login);
  else await queueAnswer(deps.runs, asked);
}

async function takeLabelOff({
  command,
  octokit,
  repository,
  number,
  trigger,
}: Said): Promise<void> {
  if (command?.type !== 'start' || trigger.via !== 'label') return;
  const item = { owner: repository.owner, repo: repository.name, number };
  await changeLabels(octokit, item, { add: [], remove: [trigger.text] }, { urgent: true });
}
