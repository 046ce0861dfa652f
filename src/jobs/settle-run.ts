import { isSettled } from '../engine/is-settled.ts';
import type { JobAttempt } from '../queue/worker.ts';
import { readRun } from '../store/runs.ts';
import type { JobDeps } from './job-deps.ts';

/** Gives back what a settled run held on this machine. What it made is on its branch and in the database. */
export function settleRun(deps: JobDeps) {
  return async ({ data: { runId } }: JobAttempt<'settle-run'>): Promise<void> => {
    const { run } = await readRun(deps.runs.db, runId);
    if (!isSettled(run.status)) return;
    deps.sessions.forget(runId);
    await deps.agents.releaseRun(runId);
    await deps.worktrees.release(runId);
  };
}
