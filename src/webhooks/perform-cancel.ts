import { authorize } from '../commands/authorize.ts';
import type { CancelCommand } from '../commands/command.ts';
import { isSettled } from '../engine/is-settled.ts';
import { renderNothingFound, renderSeveralRuns } from '../render/answer.ts';
import { renderDenied } from '../render/refusal.ts';
import { commandRun } from '../runs/command-run.ts';
import { dropWaiting } from '../runs/drop-waiting.ts';
import { readThreadRuns } from '../runs/thread-runs.ts';
import { readCircumstances } from './circumstances.ts';
import { outcomeOf } from './done-before.ts';
import type { Performed } from './perform-commands.ts';
import type { CommandRequest } from './request.ts';
import { resolveRun } from './resolve-target.ts';
import { typed } from './typed.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Stops a live run now; its branch and its history stay. Where none is live, a start that waits is taken back. */
export async function performCancel(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: CancelCommand },
): Promise<Performed> {
  const { command, actor, repository, number } = request;
  const { prefix } = deps.settings;
  const thread = { repositoryId: repository.id, number };
  const runs = await readThreadRuns(deps.runs, thread);
  const target = resolveRun(command, runs, ({ run }) => !isSettled(run.status));
  const stored = target.type === 'run' ? target.stored : null;
  const allowed = authorize(
    command,
    await readCircumstances(deps, request, { stored, gate: null }),
  );
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  if (target.type === 'several') {
    const named = target.runs.map(({ run, context }) => ({
      run: run.id,
      workflow: context.workflow,
    }));
    return {
      moment: 'not-understood',
      answer: renderSeveralRuns(named, typed('cancel', deps.settings)),
    };
  }
  const isWhole = command.run === null;
  if (stored === null && isWhole && (await dropWaiting(deps.runs, thread, request.key)) > 0)
    return { moment: 'done' };
  if (stored === null)
    return { moment: 'not-understood', answer: renderNothingFound('cancel', prefix) };

  const refusal = await commandRun(deps.runs, stored.run.id, request.key, {
    type: 'run.cancelled',
    by: actor.login,
    reason: command.reason,
  });
  return outcomeOf(deps, request.command, refusal);
}
