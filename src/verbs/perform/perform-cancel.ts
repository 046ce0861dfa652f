import type { CancelCommand } from '../../commands/command.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import {
  renderNewerRuns,
  renderNothingFound,
  renderSeveralRuns,
} from '../../render/answer/answer.ts';
import { commandRun } from '../../runs/command-run.ts';
import { dropWaiting } from '../../runs/drop-waiting.ts';
import { type StoredRun } from '../../runs/stored-run.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { outcomeOf } from '../done-before.ts';
import type { Performed } from '../performed.ts';
import { type About, type LookupFor, performer, type RequestFor } from '../performer.ts';
import { nameRun, resolveRun } from '../target/resolve-target.ts';
import { stoodBefore } from '../target/stood-before.ts';
import { typed } from '../typed-command.ts';
import type { LookupDeps, VerbDeps } from '../verb-deps.ts';

type CancelRequest = RequestFor<CancelCommand>;

/** Stops a live run now; its branch and history stay. If none is live, a waiting start is taken back. */
export const performCancel = performer<CancelCommand, StoredRun | 'what-waits'>({
  about,
  act: (deps, request, { target }) =>
    target === 'what-waits' ? cancelWaiting(deps, request) : cancel(deps, request, target),
});

async function about(
  deps: LookupDeps,
  request: LookupFor<CancelCommand>,
): Promise<About<StoredRun | 'what-waits'>> {
  const { command, repository, number } = request;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const stood = await stoodBefore(deps, runs, request.saidAt);
  const live = resolveRun(command, runs, ({ run }) => !isSettled(run.status), stood);
  // Nobody can answer a call for help any more once its run is cancelled.
  const found =
    live.type === 'none'
      ? resolveRun(command, runs, ({ run }) => run.status === 'escalated', stood)
      : live;
  if (found.type === 'run') {
    const { stored } = found;
    return { type: 'target', target: stored, stored, gate: null };
  }
  const ruling = { stored: null, gate: null };
  if (found.type === 'none')
    return command.run === null
      ? { type: 'target', target: 'what-waits', ...ruling }
      : { type: 'unclear', answer: () => nothingFound(deps), ...ruling };
  const word = typed('cancel', deps.settings);
  const named = found.runs.map(nameRun);
  const answer = () =>
    found.type === 'newer'
      ? renderNewerRuns(named, live.type === 'newer' ? 'live' : 'over', word)
      : renderSeveralRuns(named, word);
  return { type: 'unclear', answer, ...ruling };
}

async function cancel(
  deps: VerbDeps,
  { command, actor, key }: CancelRequest,
  { run }: StoredRun,
): Promise<Performed> {
  const refusal = await commandRun(deps.runs, run.id, key, {
    type: 'run.cancelled',
    by: actor.login,
    reason: command.reason,
  });
  return outcomeOf(deps, command, refusal);
}

async function cancelWaiting(deps: VerbDeps, request: CancelRequest): Promise<Performed> {
  const thread = { repositoryId: request.repository.id, number: request.number };
  if ((await dropWaiting(deps.runs, thread, request)) > 0) return { moment: 'done' };
  return { moment: 'not-understood', answer: nothingFound(deps) };
}

function nothingFound({ settings }: LookupDeps): string {
  return renderNothingFound('cancel', settings.prefix);
}
