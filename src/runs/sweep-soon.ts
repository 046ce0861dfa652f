import { enqueue } from '../queue/queue.ts';
import type { RunDeps } from './run-deps.ts';

/** Queues a sweep besides its regular times. */
export async function sweepSoon(deps: RunDeps, task: string): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await enqueue(deps.queue, trx, { name: 'sweep', data: { task } });
  });
}
