import { authorize } from '../../commands/authorize.ts';
import type { SkipCommand } from '../../commands/command.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import { renderNothingFound } from '../../render/answer/answer.ts';
import { renderDenied } from '../../render/answer/refusal.ts';
import { commandRun } from '../../runs/command-run.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { readCircumstances } from '../circumstances.ts';
import { outcomeOf } from '../done-before.ts';
import type { Performed } from '../perform-commands.ts';
import type { CommandRequest } from '../request.ts';
import { stoodBefore } from '../target/stood-before.ts';
import type { WebhookDeps } from '../webhook-deps.ts';

/** Leaves an optional step of a live run out; what follows goes on with an empty result. */
export async function performSkip(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: SkipCommand },
): Promise<Performed> {
  const { command, actor, repository, number } = request;
  const { prefix } = deps.settings;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const stood = await stoodBefore(deps, runs, request.saidAt);
  const stored = runs.find((one) => !isSettled(one.run.status) && stood(one)) ?? null;
  const facts = await readCircumstances(deps, request, { stored, gate: null });
  const allowed = authorize(command, facts);
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  if (stored === null) {
    return { moment: 'not-understood', answer: renderNothingFound('skip', prefix) };
  }
  const refusal = await commandRun(deps.runs, stored.run.id, request.key, {
    type: 'node.waived',
    node: command.step,
    by: actor.login,
  });
  return outcomeOf(deps, request.command, refusal);
}
