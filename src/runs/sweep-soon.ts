import { enqueue } from '../queue/queue.ts';
import type { RunDeps } from './run-deps.ts';

/** Queues a sweep in addition to the regular ones: now, or no earlier than `at`. */
export async function sweepSoon(deps: RunDeps, task: string, at?: string): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    const startAfter = at === undefined ? {} : { startAfter: at };
    await enqueue(deps.queue, trx, { name: 'sweep', data: { task }, ...startAfter });
  });
}
