import { enqueue } from '../queue/queue.ts';
import type { RunDeps } from './run-deps.ts';

/** Lets a worker look whether a start of the repository waits for nothing any more. */
export async function startWaitingSoon(deps: RunDeps, repositoryId: number): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await enqueue(deps.queue, trx, { name: 'start-waiting', data: { repositoryId } });
  });
}
