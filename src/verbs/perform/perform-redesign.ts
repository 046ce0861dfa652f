import type { DecideCommand, RedesignCommand } from '../../commands/command.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import {
  renderNewerRuns,
  renderNothingFound,
  renderSeveralRuns,
} from '../../render/answer/answer.ts';
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
import { readHead } from '../target/read-head.ts';
import { type GateTarget, nameRun, type OneOfRuns, resolveRun } from '../target/resolve-target.ts';
import { stoodBefore } from '../target/stood-before.ts';
import { typed } from '../typed-command.ts';
import { unlessLive } from '../unless-live.ts';
import type { LookupDeps, VerbDeps } from '../verb-deps.ts';

type RedesignRequest = RequestFor<RedesignCommand>;

/** Stops what runs for the old requirements, and starts again with the new ones. */
export const performRedesign = performer<RedesignCommand, OneOfRuns>({ about, act });

async function about(
  deps: LookupDeps,
  request: LookupFor<RedesignCommand>,
): Promise<About<OneOfRuns>> {
  const { command, repository, number } = request;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const stood = await stoodBefore(deps, runs, request.saidAt);
  const found = resolveRun(command, runs, takesRequirements, stood);
  if (found.type === 'run') {
    const { stored } = found;
    return { type: 'target', target: { stored, runs }, stored, gate: null };
  }
  const answer = () => {
    if (found.type === 'none') return renderNothingFound('redesign', deps.settings.prefix);
    const named = found.runs.map(nameRun);
    const line = typed('redesign', deps.settings);
    return found.type === 'newer'
      ? renderNewerRuns(named, 'live', line)
      : renderSeveralRuns(named, line);
  };
  return { type: 'unclear', answer, stored: null, gate: null };
}

async function act(
  deps: VerbDeps,
  request: RedesignRequest,
  { target }: Authorized<OneOfRuns>,
): Promise<Performed> {
  const { command, actor, key } = request;
  const { stored } = target;
  return unlessLive(target, async () => {
    const refusal = await commandRun(deps.runs, stored.run.id, key, {
      type: 'run.redesigned',
      by: actor.login,
      text: command.text,
      ...(await readHead(request, stored)),
    });
    return outcomeOf(deps, command, refusal);
  });
}

/**
 * `/revise` where no gate takes it. Once a run asks nobody any more, the request can only be about
 * what the run is for. Null if it is about a gate after all, or about nothing.
 */
export function asRedesign(
  { verdict, target, text }: DecideCommand,
  found: GateTarget,
  runs: readonly StoredRun[],
): RedesignCommand | null {
  if (verdict !== 'revise' || text === null) return null;
  if (target !== null && target.type !== 'run') return null;
  const asked = found.type === 'gate' && !found.gate.verdicts.includes('revise') ? found : null;
  if (found.type !== 'none' && asked === null) return null;
  const named = asked?.stored.run.id ?? target?.run ?? null;
  const meant = runs.filter(({ run }) => named === null || run.id === named);
  const takes = meant.some((stored) => takesRequirements(stored) && stored.run.autonomous);
  return takes ? { type: 'redesign', run: named, text } : null;
}

function takesRequirements({ run, plan }: StoredRun): boolean {
  const isOpen = !isSettled(run.status) || run.status === 'escalated';
  return isOpen && plan.policies.redesign !== undefined;
}
