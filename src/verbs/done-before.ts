import type { Command } from '../commands/command.ts';
import type { Refusal } from '../engine/state/event.ts';
import type { Moment } from '../render/answer/reactions.ts';
import { renderRefused } from '../render/answer/refusal.ts';
import { findCommand } from '../runs/carry-out-once.ts';
import type { Performed } from './performed.ts';
import type { CommandRequest } from './request.ts';
import type { VerbDeps } from './verb-deps.ts';

/**
 * How a command ended that an earlier try of its delivery carried out. Checked before anything is
 * looked up: what the command was about is closed by now. Null if it was not carried out.
 */
export async function doneBefore(
  deps: VerbDeps,
  { command, key }: CommandRequest,
): Promise<Performed | null> {
  const done = await findCommand(deps.runs.db, key);
  return done && outcomeOf(deps, command, done.refusal);
}

/** Some commands begin or continue work; with others, everything is done. */
const MOMENTS: Readonly<Record<Command['type'], Moment>> = {
  start: 'admitted',
  redesign: 'admitted',
  retry: 'admitted',
  resume: 'admitted',
  decide: 'done',
  cancel: 'done',
  skip: 'done',
  create: 'done',
  plan: 'nothing-to-do',
  doctor: 'nothing-to-do',
  list: 'nothing-to-do',
  help: 'nothing-to-do',
  status: 'nothing-to-do',
  output: 'nothing-to-do',
};

/** What a person sees of a command that reached its run. */
export function outcomeOf(
  { settings }: VerbDeps,
  command: Command,
  refusal: Refusal | null,
): Performed {
  if (refusal !== null)
    return { moment: 'not-understood', answer: renderRefused(refusal, settings.prefix) };
  return { moment: MOMENTS[command.type] };
}
