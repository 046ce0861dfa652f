import { isGitHubError } from '../../github/github-error.ts';
import {
  ensurePullRequest,
  markReadyForReview,
  updatePullRequest,
} from '../../github/pull-requests.ts';
import { renderPullRequest } from '../../render/pull-request.ts';
import { recordReport } from '../../store/reports.ts';
import { digestOf } from './digest.ts';
import { inputOf, keep, type Publication, reportOf } from './publication.ts';

/** The draft opened with the first commit; ready for review when the run has succeeded. */
export async function publishPullRequest(publication: Publication): Promise<void> {
  const { stored, octokit, name, deps } = publication;
  if (stored.run.headSha === null) return;
  const view = renderPullRequest(inputOf(publication));
  const digest = digestOf([view.title, view.body, view.draft]);
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
      digest: view.draft ? digest : null,
    });
    if (view.draft) return;
    return publishPullRequest(publication);
  }

  const item = { ...name, number };
  if ((await updatePullRequest(octokit, item, { title: view.title, body: view.body })) === 'gone')
    return;
  if (!view.draft) await markReadyForReview(octokit, item);
  await record(publication, {
    number,
    nodeId: report.nodeId,
    url: report.url,
    draft: view.draft,
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
    data: { number: posted.number, draft: posted.draft },
  };
  await recordReport(runs.db, key, { ...facts, at });
  keep(publication, { ...key, ...facts, state: 'posted', intendedAt: at, postedAt: at });
}
