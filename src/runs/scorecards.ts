import type { Scorecard } from '../engine/read/scorecard.ts';
import { scorecardFor } from '../engine/read/scorecard.ts';
import type { StoredRun } from '../store/runs.ts';
import { upsertScorecard } from '../store/scorecards.ts';
import { countTransitions } from '../store/transitions.ts';
import type { RunDeps } from './run-deps.ts';

/** History entries that mean something had to be done again. */
const RETRIES = ['retry', 'member-retry', 'loop'];

/** How well the run has gone so far. */
export async function readScorecard(
  { db }: RunDeps,
  { run }: StoredRun,
  now: string,
): Promise<Scorecard> {
  const { usage, workMs } = run.counters;
  const sinceThen = run.workSince === null ? 0 : Date.parse(now) - Date.parse(run.workSince);
  return scorecardFor({
    tokens: usage.inputTokens + usage.outputTokens,
    usd: usage.usd,
    workMs: workMs + Math.max(0, sinceThen),
    retries: await countTransitions(db, run.id, RETRIES),
  });
}

/** Only runs that reached their end show what is normal; a failed one would lower the bar for the next. */
export async function keepScorecard(deps: RunDeps, stored: StoredRun): Promise<void> {
  const { run, context } = stored;
  const settledAt = run.settledAt ?? deps.now();
  await upsertScorecard(deps.db, {
    ...(await readScorecard(deps, stored, settledAt)),
    runId: run.id,
    repositoryId: context.repository.id,
    workflow: context.workflow,
    settledAt,
  });
}
