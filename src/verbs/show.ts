import type { Command } from '../commands/command.ts';
import { reactionTarget } from '../render/answer/reaction-target.ts';
import { reactionFor } from '../render/answer/reactions.ts';
import { queueAnswer, queueRefusal } from '../runs/queue-answer.ts';
import type { Performed } from './performed.ts';
import type { CommandRequest } from './request.ts';
import type { VerbDeps } from './verb-deps.ts';

/** What was said, with the command it was understood as; absent if it was not understood. */
type Said = Omit<CommandRequest, 'command'> & { readonly command?: Command };

/** Shows the reaction at once, the words through the queue. */
export async function show(
  deps: VerbDeps,
  request: Said,
  { moment, answer, isRefusal }: Performed,
): Promise<void> {
  // A label that started nothing does not stay as if it had.
  if (moment !== null && moment !== 'admitted') await takeLabelOff(request);
  const { repository, trigger, number, forge } = request;
  // A button press leaves nothing to react to.
  if (moment !== null && (trigger.via === 'comment' || trigger.via === 'label')) {
    await forge.addReaction(reactionTarget(trigger, number), reactionFor(moment));
  }
  if (answer === undefined) return;
  const [body = '', ...more] = typeof answer === 'string' ? [answer] : answer;
  const { installationId, key } = request;
  const { owner, name: repo } = repository;
  const asked = {
    owner,
    repo,
    key,
    installationId,
    repositoryId: repository.id,
    number,
    body,
    more,
  };
  if (isRefusal === true) await queueRefusal(deps.runs, asked, request.actor.login);
  else await queueAnswer(deps.runs, asked);
}

async function takeLabelOff({ command, forge, number, trigger }: Said): Promise<void> {
  if (command?.type !== 'start' || trigger.via !== 'label') return;
  await forge.changeLabels(number, { add: [], remove: [trigger.text] });
}
