import { authorize } from '../../commands/authorize.ts';
import type { CancelCommand } from '../../commands/command.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import {
  renderNewerRuns,
  renderNothingFound,
  renderSeveralRuns,
} from '../../render/answer/answer.ts';
import { renderDenied } from '../../render/answer/refusal.ts';
import { commandRun } from '../../runs/command-run.ts';
import { dropWaiting } from '../../runs/drop-waiting.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { readCircumstances } from '../circumstances.ts';
import { outcomeOf } from '../done-before.ts';
import type { Performed } from '../perform-commands.ts';
import type { CommandRequest } from '../request.ts';
import { nameRun, resolveRun } from '../target/resolve-target.ts';
import { stoodBefore } from '../target/stood-before.ts';
import { typed } from '../typed.ts';
import type { WebhookDeps } from '../webhook-deps.ts';

/** Stops a live run now; its branch and its history stay. Where none is live, a start that waits is taken back. */
export async function performCancel(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: CancelCommand },
): Promise<Performed> {
  const { command, actor, repository, number } = request;
  const { prefix } = deps.settings;
  const thread = { repositoryId: repository.id, number };
  const runs = await readThreadRuns(deps.runs, thread);
  const stood = await stoodBefore(deps, runs, request.saidAt);
  const live = resolveRun(command, runs, ({ run }) => !isSettled(run.status), stood);
  // Nobody answers a call for help any more once its run is cancelled.
  const target =
    live.type === 'none'
      ? resolveRun(command, runs, ({ run }) => run.status === 'escalated', stood)
      : live;
  const stored = target.type === 'run' ? target.stored : null;
  const allowed = authorize(
    command,
    await readCircumstances(deps, request, { stored, gate: null }),
  );
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  if (target.type === 'several' || target.type === 'newer') {
    const word = typed('cancel', deps.settings);
    const named = target.runs.map(nameRun);
    const answer =
      target.type === 'newer'
        ? renderNewerRuns(named, live.type === 'newer' ? 'live' : 'over', word)
        : renderSeveralRuns(named, word);
    return { moment: 'not-understood', answer };
  }
  const isWhole = command.run === null;
  if (stored === null && isWhole && (await dropWaiting(deps.runs, thread, request)) > 0)
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
