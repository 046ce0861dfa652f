import { isSettled } from '../engine/state/is-settled.ts';
import type { JobAttempt } from '../queue/worker.ts';
import { keepScorecard } from '../runs/scorecards.ts';
import { readRun } from '../store/runs.ts';
import { deleteSigns } from '../store/signs-of-life.ts';
import type { JobDeps } from './job-deps.ts';

/**
 * Releases what a settled run held on this machine, and records how well it went. What it made is
 * on its branch and in the database.
 */
export function settleRun(deps: JobDeps) {
  return async ({ data: { runId } }: JobAttempt<'settle-run'>): Promise<void> => {
    // Somebody may resume the run at this very moment; its next step then waits until all is released.
    await deps.locked(runId, async () => {
      // Only a worktree from before this moment is sure to belong to the settled run.
      const looked = Date.now();
      const stored = await readRun(deps.runs.db, runId);
      const { run } = stored;
      if (!isSettled(run.status)) return;
      if (run.status === 'succeeded') await keepScorecard(deps.runs, stored);
      await deleteSigns(deps.runs.db, runId);
      deps.sessions.forget(runId);
      await deps.agents.releaseRun(runId);
      await deps.worktrees.release(runId, looked);
    });
  };
}
