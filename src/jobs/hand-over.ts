import { HANDED_OVER } from '../engine/state/escalation-policy.ts';
import type { JobAttempt } from '../queue/worker.ts';
import { readRun } from '../store/runs.ts';
import { startFallback } from '../verbs/start/start-fallback.ts';
import type { JobDeps } from './job-deps.ts';

/** Lets another workflow take over, unless somebody has resumed the run in the meantime. */
export function handOver(deps: JobDeps) {
  return async ({ data: { runId } }: JobAttempt<'hand-over'>): Promise<void> => {
    const stored = await readRun(deps.runs.db, runId);
    if (stored.run.reason?.code !== HANDED_OVER) return;
    await startFallback(deps, stored);
  };
}
