import { findLiveRuns, findRunsByBranch } from '../store/find-runs.ts';
import { advanceRun } from './advance-run.ts';
import type { RunDeps } from './run-deps.ts';

export interface MovedHead {
  readonly repositoryId: number;
  readonly branch: string;
  readonly headSha: string;
  readonly by: string;
}

/** Tells a branch's live runs that it is now on another commit. */
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

/** Tells a pull request's live runs that it is now on another commit. */
export async function moveSubject(
  deps: RunDeps,
  { repositoryId, number, headSha, by }: Omit<MovedHead, 'branch'> & { readonly number: number },
): Promise<void> {
  const runs = await findLiveRuns(deps.db, { repositoryId, subjectNumber: number });
  for (const { id } of runs) {
    const at = deps.now();
    await advanceRun(deps, id, { type: 'head.moved', headSha, headOf: 'subject', by, at });
  }
}
