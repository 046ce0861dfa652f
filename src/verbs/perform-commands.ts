import type { Command } from '../commands/command.ts';
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
import type { Performed } from './performed.ts';
import type { Performer } from './performer.ts';
import type { CommandRequest } from './request.ts';
import { show } from './show.ts';
import type { VerbDeps } from './verb-deps.ts';

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

/** Carries out what one comment, label or button asks for, in order, and shows on its thread how each went. */
export async function performCommands(
  deps: VerbDeps,
  requests: readonly CommandRequest[],
): Promise<void> {
  for (const request of requests) {
    await show(deps, request, await performCommand(deps, request));
  }
}

/** Carries out a command; the door it came through shows how that went. */
export async function performCommand(deps: VerbDeps, request: CommandRequest): Promise<Performed> {
  const log = deps.log.child({
    deliveryId: request.trigger.deliveryId,
    command: request.command.type,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table pairs each type with its performer
  const performer = PERFORMERS[request.command.type] as Performer<Command>;
  const performed = (await doneBefore(deps, request)) ?? (await performer.perform(deps, request));
  log.info({ login: request.actor.login, moment: performed.moment }, 'command performed');
  return performed;
}
