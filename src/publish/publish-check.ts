import { upsertCheckRun } from '../github/check-runs.ts';
import { renderCheck, supersededBy } from '../render/check/check-view.ts';
import { textIn } from '../runs/report-facts.ts';
import { type Report, recordReport } from '../store/reports.ts';
import { digestOf } from './digest.ts';
import { editDue } from './edit-due.ts';
import { inputOf, keep, type Publication, reportOf } from './publication.ts';

/** The check on the head of the run's branch or of its pull request. Returns when to look again. */
export async function publishCheck(publication: Publication): Promise<string | null> {
  const { deps, stored, octokit, name } = publication;
  const { run, context } = stored;
  // An issue's run has no commit to attach a check to before its first one.
  const headSha = run.headSha ?? (context.subject.type === 'pull-request' ? context.baseSha : null);
  if (headSha === null) return null;
  const view = { ...renderCheck(inputOf(publication)), headSha };
  const digest = digestOf({ ...view });
  const report = reportOf(publication, 'check');
  if (report?.digest === digest) return null;
  const former = postedOf(report);
  if (report !== undefined && former?.headSha === headSha) {
    const notBefore = editDue(publication, report);
    if (notBefore !== null) return notBefore;
  }

  const own = { appId: deps.settings.appId, name: view.name, externalIdRoot: run.id };
  const check = await upsertCheckRun(octokit, name, own, view, former, supersededBy(headSha));
  const key = { runId: run.id, kind: 'check', key: '' };
  const at = deps.runs.now();
  const facts = {
    githubId: check.id,
    nodeId: null,
    url: check.url,
    digest,
    data: { headSha, status: run.status },
  };
  await recordReport(deps.runs.db, key, { ...facts, at });
  keep(publication, { ...key, ...facts, state: 'posted', intendedAt: at, postedAt: at });
  return null;
}

function postedOf(report: Report | undefined) {
  if (report === undefined || report.githubId === null) return null;
  const headSha = textIn(report.data, 'headSha');
  return headSha === null ? null : { id: report.githubId, headSha, url: report.url ?? '' };
}
