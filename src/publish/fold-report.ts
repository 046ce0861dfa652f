import { type MinimizeReason, minimizeComment } from '../github/comments.ts';
import { numberIn, valueIn } from '../runs/report-facts.ts';
import { type Report, recordReport } from '../store/reports.ts';
import type { Publication } from './publication.ts';
import { objectOf } from './reconcile.ts';

/** Whatever the reason: a comment that three passes could not fold stays unfolded. */
const MOST_TRIES = 3;

/**
 * Folds a comment that no longer asks anything. This is cosmetic: errors are logged, and a few
 * later passes try again.
 */
export async function foldReport(
  { deps, octokit }: Publication,
  report: Report,
  reason: MinimizeReason,
): Promise<Report> {
  const { runId, kind, key, nodeId, githubId, url, digest, state } = report;
  const tries = numberIn(report.data, 'foldTries') ?? 0;
  const isSpent = valueIn(report.data, 'folded') === true || tries >= MOST_TRIES;
  if (isSpent || nodeId === null || githubId === null || state !== 'posted') return report;
  const done = await minimizeComment(octokit, nodeId, reason).then(
    () => true,
    (error: unknown) => {
      deps.log.warn({ err: error, runId, kind, key }, 'a comment could not be folded');
      return false;
    },
  );
  const data = {
    ...objectOf(report.data),
    ...(done ? { folded: true } : { foldTries: tries + 1 }),
  };
  const at = report.postedAt ?? deps.runs.now();
  await recordReport(
    deps.runs.db,
    { runId, kind, key },
    { githubId, nodeId, url, digest, data, at },
  );
  return { ...report, data };
}
