import { findLatestRun, findLiveRuns } from '../store/find-runs.ts';
import { findRunIdsByPullRequest } from '../store/pull-request-runs.ts';
import { findRun, type StoredRun } from '../store/runs.ts';
import type { ReadDeps } from './run-deps.ts';

export interface ThreadKey {
  readonly repositoryId: number;
  /** Number of the issue or pull request. */
  readonly number: number;
}

/**
 * The runs people can talk about on a thread, newest first: its live ones and its latest, whether
 * the thread is what the run is about or the pull request it opened.
 */
export async function readThreadRuns(deps: ReadDeps, key: ThreadKey): Promise<StoredRun[]> {
  const subject = { repositoryId: key.repositoryId, subjectNumber: key.number };
  const live = await findLiveRuns(deps.db, subject);
  const latest = await findLatestRun(deps.db, subject);
  const opened = await findRunIdsByPullRequest(deps.db, key.repositoryId, key.number);
  const ids = new Set([
    ...live.map((run) => run.id),
    ...(latest === undefined ? [] : [latest.id]),
    ...opened.slice(0, 5),
  ]);
  const stored = await Promise.all([...ids].map((id) => findRun(deps.db, id)));
  return stored.filter((run) => run !== undefined);
}
