import { authorize } from '../../commands/authorize.ts';
import type { DecideCommand, RedesignCommand } from '../../commands/command.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import {
  renderAlreadyRunning,
  renderNewerRuns,
  renderNothingFound,
  renderSeveralRuns,
} from '../../render/answer/answer.ts';
import { renderDenied } from '../../render/answer/refusal.ts';
import { commandRun } from '../../runs/command-run.ts';
import { isLiveRunError } from '../../runs/live-run-error.ts';
import { readThreadRuns, type StoredRun } from '../../runs/thread-runs.ts';
import { readCircumstances } from '../circumstances.ts';
import { outcomeOf } from '../done-before.ts';
import type { Performed } from '../perform-commands.ts';
import type { CommandRequest } from '../request.ts';
import { readHead } from '../target/read-head.ts';
import { type GateTarget, nameRun, resolveRun } from '../target/resolve-target.ts';
import { stoodBefore } from '../target/stood-before.ts';
import { typed } from '../typed.ts';
import type { WebhookDeps } from '../webhook-deps.ts';

/** Stops what runs for the old requirements, and begins again with the new ones. */
export async function performRedesign(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: RedesignCommand },
): Promise<Performed> {
  const { command, actor, repository, number } = request;
  const { prefix } = deps.settings;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const stood = await stoodBefore(deps, runs, request.saidAt);
  const target = resolveRun(command, runs, takesRequirements, stood);
  const stored = target.type === 'run' ? target.stored : null;
  const facts = await readCircumstances(deps, request, { stored, gate: null });
  const allowed = authorize(command, facts);
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  if (target.type === 'several' || target.type === 'newer') {
    const named = target.runs.map(nameRun);
    const line = typed('redesign', deps.settings);
    const answer =
      target.type === 'newer'
        ? renderNewerRuns(named, 'live', line)
        : renderSeveralRuns(named, line);
    return { moment: 'not-understood', answer };
  }
  if (stored === null) {
    return { moment: 'not-understood', answer: renderNothingFound('redesign', prefix) };
  }
  try {
    const refusal = await commandRun(deps.runs, stored.run.id, request.key, {
      type: 'run.redesigned',
      by: actor.login,
      text: command.text,
      ...(await readHead(request, stored)),
    });
    return outcomeOf(deps, command, refusal);
  } catch (error) {
    if (!isLiveRunError(error)) throw error;
    const { workflow } = stored.context;
    const live = runs.find(
      ({ run, context }) => !isSettled(run.status) && context.workflow === workflow,
    );
    const answer = renderAlreadyRunning(workflow, live?.run.id ?? '', null);
    return { moment: 'not-understood', answer };
  }
}

/**
 * `/revise` where no gate takes it back. While a run asks nobody any more, the wish can only be about
 * what the run is for. Null: it is about a gate after all, or about nothing.
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
