import { fallbackOf } from '../../engine/state/escalation-policy.ts';
import { gatesOfKind } from '../../engine/state/gates.ts';
import { renderNotStarted } from '../../render/answer/answer.ts';
import { renderFallbackTask } from '../../render/prompt/fallback-task.ts';
import type { StoredRun } from '../../runs/stored-run.ts';
import { performStart } from '../perform/perform-start.ts';
import type { Performed } from '../performed.ts';
import { show } from '../show.ts';
import type { VerbDeps } from '../verb-deps.ts';
import type { StartRequest } from './start-request.ts';

/**
 * Starts what takes over a run nobody helped, in the name of the person who started that one and
 * with their current permissions. Started once per call for help, however often it is asked for.
 */
export async function startFallback(deps: VerbDeps, stored: StoredRun): Promise<void> {
  const { run, plan, context } = stored;
  const workflow = fallbackOf(plan);
  const gate = gatesOfKind(run, 'escalation').findLast(({ status }) => status === 'expired');
  if (workflow === null || gate === undefined) return;
  const request: StartRequest = {
    command: { type: 'start', workflow, task: renderFallbackTask(stored), params: {} },
    actor: { login: run.starter, type: 'User', isApp: false },
    channel: context.origin,
    forge: deps.forgeOf(context.installationId, context.repository),
    installationId: context.installationId,
    repository: context.repository,
    number: context.subject.number,
    trigger: {
      via: 'fallback',
      login: run.starter,
      text: context.workflow,
      deliveryId: null,
      commentId: null,
    },
    key: `fallback:${run.id}:${gate.id}`,
  };
  await show(deps, request, await perform(deps, request, stored));
}

/** A workflow that took over does not hand over again: two could pass the work on for ever. */
async function perform(
  deps: VerbDeps,
  request: StartRequest,
  { context }: StoredRun,
): Promise<Performed> {
  if (context.trigger.via !== 'fallback') return performStart.perform(deps, request);
  const reason = `\`${context.workflow}\` has taken over from another workflow itself; a person has to go on from here`;
  return { moment: 'not-understood', answer: renderNotStarted(reason) };
}
