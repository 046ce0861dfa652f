import type { ResumeCommand, RetryCommand } from '../../commands/command.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import {
  renderNewerGates,
  renderNewerRuns,
  renderNothingFound,
} from '../../render/answer/answer.ts';
import { commandRun } from '../../runs/command-run.ts';
import { decideGate } from '../../runs/decide-gate.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { outcomeOf } from '../done-before.ts';
import type { Performed } from '../performed.ts';
import { type About, type LookupFor, performer, type RequestFor } from '../performer.ts';
import { nameGates } from '../target/name-gates.ts';
import { readHead } from '../target/read-head.ts';
import { NOTHING, resolveRetry } from '../target/resolve-retry.ts';
import { nameRun, type OneOfRuns, type OpenGate, resolveRun } from '../target/resolve-target.ts';
import { stoodBefore } from '../target/stood-before.ts';
import { typed } from '../typed-command.ts';
import { unlessLive } from '../unless-live.ts';
import type { LookupDeps, VerbDeps } from '../verb-deps.ts';

type GoOnRequest = RequestFor<ResumeCommand | RetryCommand>;

type Target = ({ readonly type: 'gate' } & OpenGate) | ({ readonly type: 'run' } & OneOfRuns);

/** Continues a stopped run: from everything that failed, or from one step alone. */
export const performResume = performer<ResumeCommand | RetryCommand, Target>({
  about,
  act: (deps, request, { target }) =>
    target.type === 'gate' ? retryGate(deps, request, target) : resume(deps, request, target),
});

async function about(
  deps: LookupDeps,
  request: LookupFor<ResumeCommand | RetryCommand>,
): Promise<About<Target>> {
  const { command, repository, number } = request;
  const { prefix } = deps.settings;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const found = resolveRun(
    command,
    runs,
    ({ run }) => isSettled(run.status) && run.status !== 'succeeded',
    await stoodBefore(deps, runs, request.saidAt),
  );
  const { asked, newer } =
    command.type === 'retry' ? await resolveRetry(deps, { ...request, command }, runs) : NOTHING;
  if (asked !== undefined) return { type: 'target', target: { type: 'gate', ...asked }, ...asked };
  if (found.type === 'run') {
    const { stored } = found;
    return { type: 'target', target: { type: 'run', stored, runs }, stored, gate: null };
  }
  if (newer !== undefined)
    return { type: 'unclear', answer: () => newerAnswer(deps, newer), ...newer };
  const answer = () =>
    found.type === 'newer'
      ? renderNewerRuns(found.runs.map(nameRun), 'over', `${prefix} resume`)
      : renderNothingFound(command.type, prefix);
  return { type: 'unclear', answer, stored: null, gate: null };
}

async function newerAnswer(deps: LookupDeps, open: OpenGate): Promise<string> {
  const [gate] = await nameGates(deps, [open]);
  const named = gate === undefined ? [] : [{ ...gate, name: open.gate.node }];
  return renderNewerGates(named, typed('retry', deps.settings));
}

async function resume(deps: VerbDeps, request: GoOnRequest, target: OneOfRuns): Promise<Performed> {
  const { command, actor, key } = request;
  const { stored } = target;
  return unlessLive(target, async () => {
    const refusal = await commandRun(deps.runs, stored.run.id, key, {
      type: 'run.resumed',
      by: actor.login,
      guidance: command.type === 'resume' ? command.text : null,
      node: command.type === 'retry' ? command.step : null,
      ...(await readHead(request, stored)),
    });
    return outcomeOf(deps, command, refusal);
  });
}

async function retryGate(
  deps: VerbDeps,
  request: GoOnRequest,
  { stored, gate }: OpenGate,
): Promise<Performed> {
  const { command, actor, channel, key } = request;
  const refusal = await decideGate(deps.runs, stored.run.id, {
    gate: gate.id,
    verdict: 'retry',
    by: actor.login,
    text: null,
    channel,
    ...(await readHead(request, stored)),
    sha: null,
    key,
  });
  return outcomeOf(deps, command, refusal);
}
