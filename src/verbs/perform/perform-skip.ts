import type { SkipCommand } from '../../commands/command.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import { renderNothingFound } from '../../render/answer/answer.ts';
import { commandRun } from '../../runs/command-run.ts';
import { type StoredRun } from '../../runs/stored-run.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { outcomeOf } from '../done-before.ts';
import type { Performed } from '../performed.ts';
import {
  type About,
  type Authorized,
  type LookupFor,
  performer,
  type RequestFor,
} from '../performer.ts';
import { stoodBefore } from '../target/stood-before.ts';
import type { LookupDeps, VerbDeps } from '../verb-deps.ts';

type SkipRequest = RequestFor<SkipCommand>;

/** Skips an optional step of a live run; what follows goes on with an empty result. */
export const performSkip = performer<SkipCommand, StoredRun>({ about, act });

async function about(deps: LookupDeps, request: LookupFor<SkipCommand>): Promise<About<StoredRun>> {
  const { repository, number } = request;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const stood = await stoodBefore(deps, runs, request.saidAt);
  const stored = runs.find((one) => !isSettled(one.run.status) && stood(one));
  if (stored !== undefined) return { type: 'target', target: stored, stored, gate: null };
  const answer = () => renderNothingFound('skip', deps.settings.prefix);
  return { type: 'unclear', answer, stored: null, gate: null };
}

async function act(
  deps: VerbDeps,
  { command, actor, key }: SkipRequest,
  { target }: Authorized<StoredRun>,
): Promise<Performed> {
  const refusal = await commandRun(deps.runs, target.run.id, key, {
    type: 'node.waived',
    node: command.step,
    by: actor.login,
  });
  return outcomeOf(deps, command, refusal);
}
