import { authorize } from '../../commands/authorize.ts';
import type { ResumeCommand, RetryCommand } from '../../commands/command.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import {
  renderAlreadyRunning,
  renderNewerGates,
  renderNewerRuns,
  renderNothingFound,
} from '../../render/answer/answer.ts';
import { renderDenied } from '../../render/answer/refusal.ts';
import { commandRun } from '../../runs/command-run.ts';
import { decideGate } from '../../runs/decide-gate.ts';
import { isLiveRunError } from '../../runs/live-run-error.ts';
import { readThreadRuns } from '../../runs/thread-runs.ts';
import { readCircumstances } from '../circumstances.ts';
import { outcomeOf } from '../done-before.ts';
import type { Performed } from '../perform-commands.ts';
import type { CommandRequest } from '../request.ts';
import { nameGates } from '../target/name-gates.ts';
import { readHead } from '../target/read-head.ts';
import { NOTHING, resolveRetry } from '../target/resolve-retry.ts';
import { nameRun, type OpenGate, resolveRun } from '../target/resolve-target.ts';
import { stoodBefore } from '../target/stood-before.ts';
import { typed } from '../typed.ts';
import type { WebhookDeps } from '../webhook-deps.ts';

/** Goes on with a run that stopped: from everything that failed, or from one step alone. */
export async function performResume(
  deps: WebhookDeps,
  request: CommandRequest & { readonly command: ResumeCommand | RetryCommand },
): Promise<Performed> {
  const { command, actor, repository, number } = request;
  const { prefix } = deps.settings;
  const runs = await readThreadRuns(deps.runs, { repositoryId: repository.id, number });
  const target = resolveRun(
    command,
    runs,
    ({ run }) => isSettled(run.status) && run.status !== 'succeeded',
    await stoodBefore(deps, runs, request.saidAt),
  );
  const stored = target.type === 'run' ? target.stored : null;
  const retried =
    command.type === 'retry' ? await resolveRetry(deps, { ...request, command }, runs) : NOTHING;
  const about = retried.asked ?? (stored === null ? retried.newer : undefined);
  const allowed = authorize(
    command,
    await readCircumstances(deps, request, about ?? { stored, gate: null }),
  );
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  if (retried.asked !== undefined) return retryGate(deps, request, retried.asked);
  if (about !== undefined) return { moment: 'not-understood', answer: await newerAnswer(about) };
  if (target.type === 'newer') {
    const answer = renderNewerRuns(target.runs.map(nameRun), 'over', `${prefix} resume`);
    return { moment: 'not-understood', answer };
  }
  if (stored === null) {
    return { moment: 'not-understood', answer: renderNothingFound(command.type, prefix) };
  }
  try {
    const refusal = await commandRun(deps.runs, stored.run.id, request.key, {
      type: 'run.resumed',
      by: actor.login,
      guidance: command.type === 'resume' ? command.text : null,
      node: command.type === 'retry' ? command.step : null,
      ...(await readHead(request, stored)),
    });
    return outcomeOf(deps, request.command, refusal);
  } catch (error) {
    if (!isLiveRunError(error)) throw error;
    const live = runs.find(
      ({ run, context }) => !isSettled(run.status) && context.workflow === stored.context.workflow,
    );
    return {
      moment: 'not-understood',
      answer: renderAlreadyRunning(stored.context.workflow, live?.run.id ?? '', null),
    };
  }

  async function newerAnswer(open: OpenGate): Promise<string> {
    const [gate] = await nameGates(deps, [open]);
    const named = gate === undefined ? [] : [{ ...gate, name: open.gate.node }];
    return renderNewerGates(named, typed('retry', deps.settings));
  }
}

async function retryGate(
  deps: WebhookDeps,
  request: CommandRequest,
  { stored, gate }: OpenGate,
): Promise<Performed> {
  const refusal = await decideGate(deps.runs, stored.run.id, {
    gate: gate.id,
    verdict: 'retry',
    by: request.actor.login,
    text: null,
    channel: 'github',
    ...(await readHead(request, stored)),
    sha: null,
    key: request.key,
  });
  return outcomeOf(deps, request.command, refusal);
}
