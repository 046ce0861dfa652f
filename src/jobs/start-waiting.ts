import type { JobAttempt } from '../queue/worker.ts';
import { startWaitingSoon } from '../runs/start-waiting-soon.ts';
import { isBusy } from '../store/starts.ts';
import {
  deleteWaitingStart,
  findRepositoriesWaiting,
  findWaitingStarts,
} from '../store/waiting-starts.ts';
import { startAgain } from '../verbs/start/start-again.ts';
import type { JobDeps } from './job-deps.ts';

/** A run of the repository is over: starts that waited for that are asked for again, oldest first. */
export function startWaiting(deps: JobDeps) {
  return async ({ data, signal }: JobAttempt<'start-waiting'>): Promise<void> => {
    const { db } = deps.runs;
    for (const waiting of await findWaitingStarts(db, data.repositoryId)) {
      if (signal.aborted) return;
      if (await isBusy(db, waiting, waiting.scope)) continue;
      const became = await startAgain(deps, waiting.request);
      if (became === 'done') await deleteWaitingStart(db, waiting.key);
    }
  };
}

/** Nothing waits for ever just because a job was lost. */
export async function sweepWaitingStarts(deps: JobDeps): Promise<void> {
  for (const repositoryId of await findRepositoriesWaiting(deps.runs.db)) {
    await startWaitingSoon(deps.runs, repositoryId);
  }
}
