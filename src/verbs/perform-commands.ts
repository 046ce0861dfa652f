import type { Command } from '../commands/command.ts';
import { addReaction } from '../github/reactions.ts';
import { reactionTarget } from '../render/answer/reaction-target.ts';
import { type Moment, reactionFor } from '../render/answer/reactions.ts';
import { postAnswer, postRefusal } from '../runs/post-answer.ts';
import { doneBefore } from './done-before.ts';
import { performCancel } from './perform/perform-cancel.ts';
import { performCreate } from './perform/perform-create.ts';
import { performDecide } from './perform/perform-decide.ts';
import { performDoctor } from './perform/perform-doctor.ts';
import { performOutput } from './perform/perform-output.ts';
import { performPlan } from './perform/perform-plan.ts';
import { performHelp, performList, performStatus } from './perform/perform-read.ts';
import { performRedesign } from './perform/perform-redesign.ts';
import { performResume } from './perform/perform-resume.ts';
import { performSkip } from './perform/perform-skip.ts';
import { performStart } from './perform/perform-start.ts';
import type { CommandRequest } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** What a person sees of how their command went. */
export interface Performed {
  /** Null: nothing at all, as for a bot. */
  readonly moment: Moment | null;
  /** Several: one comment after the other. */
  readonly answer?: string | readonly string[];
  /** The answer explains a refusal, or is for somebody without a part here: said once per person, thread and day. */
  readonly isRefusal?: boolean;
  /** Nothing was started yet: it is asked for again later. */
  readonly waits?: boolean;
}

type Performer<C extends Command> = (
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: C },
) => Promise<Performed>;
type Performers = { readonly [T in Command['type']]: Performer<Extract<Command, { type: T }>> };

const PERFORMERS: Performers = {
  start: performStart,
  plan: performPlan,
  decide: performDecide,
  redesign: performRedesign,
  cancel: performCancel,
  retry: performResume,
  resume: performResume,
  skip: performSkip,
  doctor: performDoctor,
  create: performCreate,
  list: performList,
  help: performHelp,
  status: performStatus,
  output: performOutput,
};

/** Carries out what one comment, label or button asks for, in order, and shows how each went. */
export async function performCommands(
  deps: WebhookDeps,
  requests: readonly CommandRequest[],
): Promise<void> {
  for (const request of requests) {
    const log = deps.log.child({
      deliveryId: request.trigger.deliveryId,
      command: request.command.type,
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table pairs each type with its performer
    const perform = PERFORMERS[request.command.type] as Performer<Command>;
    const performed = (await doneBefore(deps, request)) ?? (await perform(deps, request));
    log.info({ login: request.actor.login, moment: performed.moment }, 'command performed');
    await show(deps, request, performed);
  }
}

/** The reaction at once, the words through the queue. */
export async function show(
  deps: WebhookDeps,
  request: Omit<CommandRequest, 'command'>,
  { moment, answer, isRefusal }: Performed,
): Promise<void> {
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
  if (isRefusal === true) await postRefusal(deps.runs, asked, request.actor.login);
  else await postAnswer(deps.runs, asked);
}
