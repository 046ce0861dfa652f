import { enqueue } from '../queue/queue.ts';
import { findReportByGithubId, markReportGone } from '../store/reports.ts';
import type { RunDeps } from './run-deps.ts';

/** Notes that a posted comment is gone and lets its run publish again. Comments of no run are ignored. */
export async function restoreComment(deps: RunDeps, commentId: number): Promise<void> {
  const report =
    (await findReportByGithubId(deps.db, 'run', commentId)) ??
    (await findReportByGithubId(deps.db, 'gate', commentId));
  if (report === undefined) return;
  await deps.db.transaction().execute(async (trx) => {
    await markReportGone(trx, report);
    await enqueue(deps.queue, trx, { name: 'publish-run', data: { runId: report.runId } });
  });
}
