import { authorize } from '../commands/authorize.ts';
import type { ResumeCommand, RetryCommand } from '../commands/command.ts';
import { isSettled } from '../engine/is-settled.ts';
import { openGates } from '../engine/open-gates.ts';
import { renderAlreadyRunning, renderNothingFound } from '../render/answer.ts';
import { renderDenied } from '../render/refusal.ts';
import { commandRun } from '../runs/command-run.ts';
import { decideGate } from '../runs/decide-gate.ts';
import { isLiveRunError } from '../runs/live-run-error.ts';
import { readThreadRuns, type StoredRun } from '../runs/thread-runs.ts';
import { readBranchHead } from './branch-head.ts';
import { readCircumstances } from './circumstances.ts';
import { outcomeOf } from './done-before.ts';
import type { Performed } from './perform-commands.ts';
import type { CommandRequest } from './request.ts';
import { type OpenGate, resolveRun } from './resolve-target.ts';
import type { WebhookDeps } from './webhook-deps.ts';

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
  );
  const stored = target.type === 'run' ? target.stored : null;
  const allowed = authorize(
    command,
    await readCircumstances(deps, request, { stored, gate: null }),
  );
  if (!allowed.allowed) {
    if (allowed.silent) return { moment: null };
    return { moment: 'not-allowed', answer: renderDenied(allowed, prefix), isRefusal: true };
  }
  const waiting = command.type === 'retry' ? gateToRetry(runs, command.step) : undefined;
  if (waiting !== undefined) return retryGate(deps, request, waiting);
  if (stored === null) {
    return { moment: 'not-understood', answer: renderNothingFound(command.type, prefix) };
  }
  try {
    const refusal = await commandRun(deps.runs, stored.run.id, request.key, {
      type: 'run.resumed',
      by: actor.login,
      guidance: command.type === 'resume' ? command.text : null,
      node: command.type === 'retry' ? command.step : null,
      headSha: await readBranchHead(request, stored),
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
}

/** A failed step that waits for a person is retried by settling its gate. */
function gateToRetry(runs: readonly StoredRun[], step: string | null): OpenGate | undefined {
  const waiting = runs.flatMap((stored) => openGates(stored.run).map((gate) => ({ stored, gate })));
  return waiting.find(
    ({ gate }) => gate.verdicts.includes('retry') && (step === null || gate.node === step),
  );
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
    headSha: await readBranchHead(request, stored),
    sha: null,
    key: request.key,
  });
  return outcomeOf(deps, request.command, refusal);
}
