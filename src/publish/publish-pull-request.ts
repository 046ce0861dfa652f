import { isGitHubError } from '../github/github-error.ts';
import {
  ensurePullRequest,
  markReadyForReview,
  updatePullRequest,
} from '../github/pull-requests.ts';
import { renderPullRequest } from '../render/pull/pull-request.ts';
import { valueIn } from '../runs/report-facts.ts';
import { recordReport } from '../store/reports.ts';
import { digestOf } from './digest.ts';
import { inputOf, keep, type Publication, reportOf } from './publication.ts';

/** A draft opened with the first commit; ready for review when the run has succeeded. */
export async function publishPullRequest(publication: Publication): Promise<void> {
  const { stored, octokit, name, deps } = publication;
  if (stored.run.headSha === null) return;
  const view = renderPullRequest(inputOf(publication));
  // Appended only where it matters, so that pull requests of earlier runs are not rewritten.
  const digest = digestOf([view.title, view.body, view.draft, ...(view.closed ? ['closed'] : [])]);
  const report = reportOf(publication, 'pull-request');
  if (report?.digest === digest) return;

  const number = report?.githubId ?? null;
  if (report === undefined || number === null) {
    const { branch, baseRef } = stored.context;
    const pull = await ensurePullRequest(octokit, name, {
      ...view,
      head: branch,
      base: baseRef,
    }).catch((error: unknown) => {
      if (!isGitHubError(error, 'validation')) throw error;
      deps.log.warn({ err: error, runId: stored.run.id }, 'GitHub refused the pull request');
      return null;
    });
    if (pull === null) return;
    await record(publication, {
      number: pull.number,
      nodeId: pull.nodeId,
      url: pull.url,
      draft: pull.draft,
      closed: false,
      digest: view.draft && !view.closed ? digest : null,
    });
    if (view.draft && !view.closed) return;
    return publishPullRequest(publication);
  }

  const item = { ...name, number };
  const { title, body } = view;
  const wasClosed = valueIn(report.data, 'closed') === true;
  const state =
    view.closed === wasClosed
      ? {}
      : { state: view.closed ? ('closed' as const) : ('open' as const) };
  if ((await updatePullRequest(octokit, item, { title, body, ...state })) === 'gone') return;
  if (!view.draft) await markReadyForReview(octokit, item);
  await record(publication, {
    number,
    nodeId: report.nodeId,
    url: report.url,
    draft: view.draft,
    closed: view.closed,
    digest,
  });
}

async function record(
  publication: Publication,
  posted: {
    number: number;
    nodeId: string | null;
    url: string | null;
    draft: boolean;
    /** By us; if somebody resumes the run, it is reopened. */
    closed: boolean;
    digest: string | null;
  },
): Promise<void> {
  const { runs } = publication.deps;
  const key = { runId: publication.stored.run.id, kind: 'pull-request', key: '' };
  const at = runs.now();
  const facts = {
    githubId: posted.number,
    nodeId: posted.nodeId,
    url: posted.url,
    digest: posted.digest,
    data: { number: posted.number, draft: posted.draft, closed: posted.closed },
  };
  await recordReport(runs.db, key, { ...facts, at });
  keep(publication, { ...key, ...facts, state: 'posted', intendedAt: at, postedAt: at });
}
