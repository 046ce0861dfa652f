import { enqueue } from '../queue/queue.ts';
import { forgetReport } from '../store/reports.ts';
import type { RunDeps } from './run-deps.ts';

/** Has a run's labels checked and corrected again, as if they had not been shown yet. */
export async function showLabelsAgain(deps: RunDeps, runId: string): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await forgetReport(trx, { runId, kind: 'labels', key: '' });
    await enqueue(deps.queue, trx, { name: 'publish-run', data: { runId } });
  });
}
