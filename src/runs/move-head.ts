import { findRunsByBranch } from '../store/find-runs.ts';
import { advanceRun } from './advance-run.ts';
import type { RunDeps } from './run-deps.ts';

export interface MovedHead {
  readonly repositoryId: number;
  readonly branch: string;
  readonly headSha: string;
  readonly by: string;
}

/** Tells the live runs of a branch that it stands on another commit now. */
export async function moveHead(deps: RunDeps, moved: MovedHead): Promise<void> {
  const runs = await findRunsByBranch(deps.db, moved.repositoryId, moved.branch);
  for (const run of runs.filter(({ live }) => live)) {
    await advanceRun(deps, run.id, {
      type: 'head.moved',
      headSha: moved.headSha,
      by: moved.by,
      at: deps.now(),
    });
  }
}
