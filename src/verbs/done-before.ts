import type { Command } from '../commands/command.ts';
import type { Refusal } from '../engine/state/event.ts';
import { renderRefused } from '../render/answer/refusal.ts';
import { findCommand } from '../runs/carry-out-once.ts';
import type { Performed } from './perform-commands.ts';
import type { CommandRequest } from './request.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/**
 * How a command ended that was carried out by an earlier try of its delivery. Asked before anything is
 * looked up: what the command was about is closed by now. Null: it was not carried out.
 */
export async function doneBefore(
  deps: WebhookDeps,
  { command, key }: CommandRequest,
): Promise<Performed | null> {
  const done = await findCommand(deps.runs.db, key);
  return done && outcomeOf(deps, command, done.refusal);
}

const GOES_ON: ReadonlySet<Command['type']> = new Set(['resume', 'retry', 'redesign']);

/** What a person sees of a command that reached its run. */
export function outcomeOf(
  { settings }: WebhookDeps,
  command: Command,
  refusal: Refusal | null,
): Performed {
  if (refusal !== null)
    return { moment: 'not-understood', answer: renderRefused(refusal, settings.prefix) };
  return { moment: GOES_ON.has(command.type) ? 'admitted' : 'done' };
}
