import { type EvalDecision, judgeRun } from '../../engine/read/eval-gate.ts';
import type { Scorecard } from '../../engine/read/scorecard.ts';
import type { JsonObject } from '../../plan/json.ts';
import type { EvalGateSpec } from '../../plan/plan.ts';
import { plainLine } from '../../render/text/clean-text.ts';
import { readScorecard } from '../../runs/scorecards.ts';
import { listScorecards } from '../../store/scorecards.ts';
import { answered, failed, failure, storedFor, wholeText } from '../answer.ts';
import type { Attempt, Executed } from '../attempt.ts';
import type { StepDeps } from '../step-deps.ts';

/** Compares the run, which is about to reach its end, with earlier ones of its workflow. */
export async function executeEvalGate(
  deps: StepDeps,
  attempt: Attempt,
  spec: EvalGateSpec,
): Promise<Executed> {
  const { run, context } = attempt.stored;
  const now = deps.runs.now();
  const candidate = await readScorecard(deps.runs, attempt.stored, now);
  const baseline = await listScorecards(deps.runs.db, {
    runId: run.id,
    repositoryId: context.repository.id,
    workflow: context.workflow,
    limit: spec.baselineWindow,
  });
  const decided = judgeRun(spec, candidate, baseline);
  const { decision, message } = decided;
  const data = recordOf(spec, candidate, decided);
  const text = wholeText(message, data);
  if (decision === 'block') {
    const output = storedFor(attempt, { name: null, at: now, text, data });
    return failed(failure('policy', 'eval-gate-block', message), { text, output });
  }
  const answer = { data, text, headline: plainLine(message, 120) };
  const warnings = decision === 'warn' ? [message] : [];
  return answered(attempt, { name: null, at: now }, { ...answer, warnings });
}

function recordOf(spec: EvalGateSpec, candidate: Scorecard, decided: EvalDecision): JsonObject {
  return {
    decision: decided.decision,
    score: candidate.score,
    baseline_mean: decided.baselineMean,
    drop: decided.drop,
    baseline_sample_size: decided.baselineSize,
    min_baseline_runs: spec.minBaselineRuns,
    baseline_window: spec.baselineWindow,
    reason_codes: decided.reasonCodes,
    message: decided.message,
    tokens: candidate.tokens,
    usd: candidate.usd,
    work_ms: candidate.workMs,
    retries: candidate.retries,
  };
}
