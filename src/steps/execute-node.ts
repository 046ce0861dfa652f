import { attemptsOf } from '../engine/state/attempts-of.ts';
import { nodeAt } from '../engine/state/node-at.ts';
import { JobInterruption } from '../queue/interruption.ts';
import type { JobAttempt } from '../queue/worker.ts';
import { advanceRun } from '../runs/advance-run.ts';
import { beginNode } from '../runs/begin-node.ts';
import { saveOutput } from '../store/outputs.ts';
import type { Attempt, Executed } from './attempt.ts';
import { executorFor } from './executors.ts';
import type { StepDeps } from './step-deps.ts';

/** Runs one attempt at a node and reports how it ended. A second start of the same attempt means that a worker died. */
export function executeNode(deps: StepDeps) {
  return async ({
    id,
    data,
    signal,
    attempt: claim,
  }: JobAttempt<'execute-node'>): Promise<void> => {
    const attempt = await begin(deps, data, `${id}:${claim}`, signal);
    if (attempt === null) return;
    const { node, visit } = attempt;
    const { id: runId } = attempt.stored.run;
    const log = deps.log.child({ runId, stepId: node, visit, attempt: attempt.attempt });
    log.info('step started');

    const executed = await executorFor(attempt)(deps, attempt).catch((error: unknown) => {
      if (!signal.aborted) log.error({ err: error }, 'step could not be executed');
      return brokenStep(error);
    });
    if (signal.aborted) return handBack(deps, attempt, signal);

    const { result, output, refusedCommands = [] } = executed;
    await advanceRun(
      deps.runs,
      runId,
      {
        type: 'node.finished',
        node,
        visit,
        attempt: attempt.attempt,
        result,
        refusedCommands,
        at: deps.runs.now(),
      },
      async (trx) => {
        if (output !== null) await saveOutput(trx, runId, output);
      },
    );
    log.info(
      { status: result.status, ...(result.status === 'failed' && result.failure) },
      'step ended',
    );
  };
}

async function begin(
  deps: StepDeps,
  data: JobAttempt<'execute-node'>['data'],
  execution: string,
  signal: AbortSignal,
): Promise<Attempt | null> {
  const { runId, node, visit } = data;
  const stored = await deps.locked(runId, () =>
    beginNode(deps.runs, { runId, node, visit, attempt: data.attempt, execution }),
  );
  const at = nodeAt(stored.plan, stored.run, node);
  // Taken by another worker, withdrawn or over: not ours.
  if (at === null || at.state.status !== 'running') return null;
  if (at.state.visit !== visit || at.state.execution !== execution) return null;
  const { state } = at;
  const { attempt, phase } = state;
  return {
    stored,
    kind: at.node.kind,
    phase,
    node,
    visit,
    attempt,
    startOver: attemptsOf(state) > 1 || state.interruptions > 0,
    signal,
  };
}

/** A shutdown returns the step to the queue at once; a withdrawn attempt needs no report. */
async function handBack(deps: StepDeps, attempt: Attempt, signal: AbortSignal): Promise<void> {
  if (!(signal.reason instanceof JobInterruption) || signal.reason.code !== 'job-handed-back')
    return;
  const { node, visit } = attempt;
  await advanceRun(deps.runs, attempt.stored.run.id, {
    type: 'node.interrupted',
    node,
    visit,
    attempt: attempt.attempt,
    reason: 'shutdown',
    at: deps.runs.now(),
  });
}

/** Something around the agent broke: git, GitHub, the database. Worth another try after a pause. */
function brokenStep(error: unknown): Executed {
  const message = error instanceof Error ? error.message : String(error);
  return {
    output: null,
    result: {
      status: 'failed',
      failure: { class: 'transient', reason: codeOf(error), message, retryAfterMs: null },
      usage: { inputTokens: 0, outputTokens: 0, usd: null },
      text: '',
    },
  };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unexpected';
}
