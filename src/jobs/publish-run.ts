import { type GitHubErrorCode, isGitHubError } from '../github/github-error.ts';
import { openPublication, type Publication } from '../publish/publication.ts';
import { publishCheck } from '../publish/publish-check.ts';
import { publishEnd } from '../publish/publish-end.ts';
import { publishFollowUp } from '../publish/publish-follow-up.ts';
import { publishGates } from '../publish/publish-gates.ts';
import { publishLabels, publishReaction } from '../publish/publish-marks.ts';
import { publishPullRequest } from '../publish/publish-pull-request.ts';
import { publishReminders } from '../publish/publish-reminders.ts';
import { publishRunComment } from '../publish/publish-run-comment.ts';
import { enqueue } from '../queue/queue.ts';
import type { JobAttempt } from '../queue/worker.ts';
import type { JobDeps } from './job-deps.ts';

/** Returns when to be called again if it is too early now. */
type Publisher = (publication: Publication) => Promise<string | null | void>;

/** In this order: later ones link to what earlier ones posted. */
const PUBLISHERS: readonly Publisher[] = [
  publishPullRequest,
  publishFollowUp,
  publishGates,
  publishReminders,
  publishRunComment,
  publishCheck,
  publishLabels,
  publishReaction,
  publishEnd,
];

/** Brings what GitHub shows in line with the saved run. What already matches costs no request. */
export function publishRun(deps: JobDeps) {
  return async ({ data: { runId } }: JobAttempt<'publish-run'>): Promise<void> => {
    const publication = await openPublication(deps, runId);
    const errors: unknown[] = [];
    const due: string[] = [];
    for (const publish of PUBLISHERS) {
      try {
        const again = await publish(publication);
        if (again != null) due.push(again);
      } catch (error) {
        errors.push(...(error instanceof AggregateError ? error.errors : [error]));
      }
    }
    const [startAfter] = due.toSorted();
    if (startAfter !== undefined) await publishAgain(deps, runId, startAfter);
    report(deps, runId, errors);
  };
}

async function publishAgain(deps: JobDeps, runId: string, startAfter: string): Promise<void> {
  const job = { name: 'publish-run' as const, data: { runId }, startAfter };
  await deps.runs.db.transaction().execute(async (trx) => enqueue(deps.runs.queue, trx, job));
}

const FINAL: readonly GitHubErrorCode[] = ['not-found', 'forbidden'];

function isFinal(error: unknown): boolean {
  return FINAL.some((code) => isGitHubError(error, code));
}

/** Errors that GitHub will not change its mind about are logged; the queue retries anything else. */
function report(deps: JobDeps, runId: string, errors: readonly unknown[]): void {
  const final = errors.filter(isFinal);
  for (const error of final)
    deps.log.warn({ err: error, runId }, 'GitHub does not let us show this');
  const passing = errors.filter((error) => !final.includes(error));
  if (passing.length === 1) throw passing[0];
  if (passing.length > 1) throw new AggregateError(passing, 'some reports could not be published');
}
