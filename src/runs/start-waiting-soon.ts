import { enqueue } from '../queue/queue.ts';
import type { RunDeps } from './run-deps.ts';

/** Lets a worker check whether a waiting start of the repository can now go ahead. */
export async function startWaitingSoon(deps: RunDeps, repositoryId: number): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await enqueue(deps.queue, trx, { name: 'start-waiting', data: { repositoryId } });
  });
}
