import type { JobAttempt } from '../queue/worker.ts';
import { advanceRun } from '../runs/advance-run.ts';
import type { JobDeps } from './job-deps.ts';

/** Tells a run that a time has come; the run knows whether it still matters. */
export function fireTimer(deps: JobDeps) {
  return async ({ data: { runId, timer } }: JobAttempt<'fire-timer'>): Promise<void> => {
    await advanceRun(deps.runs, runId, { type: 'timer.fired', timer, at: deps.runs.now() });
  };
}
