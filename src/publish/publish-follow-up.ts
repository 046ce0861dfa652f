import { createIssue, findOwnIssue, type Issue } from '../github/issues.ts';
import { renderFollowUp } from '../render/pull/follow-up.ts';
import { renderMarker } from '../render/text/marker.ts';
import { digestOf } from './digest.ts';
import { lookSince } from './look-since.ts';
import { inputOf, keep, type Publication, reportOf } from './publication.ts';
import { type Posted, reconcile } from './reconcile.ts';

/**
 * One issue with the technical debt a run has found, if its workflow asks for it. From then on it
 * belongs to people. Asks for another pass when it is new, so that the pull request links to it.
 */
export async function publishFollowUp(publication: Publication): Promise<string | null> {
  const { deps, stored, octokit, name, input } = publication;
  const { run, plan } = stored;
  if (run.status !== 'succeeded' || plan.policies.followUpIssue !== true) return null;
  if (reportOf(publication, 'follow-up')?.state === 'posted') return null;
  const wanted = renderFollowUp(inputOf(publication));
  if (wanted === null) return null;
  const { instance, appId } = deps.settings;
  const marker = renderMarker({ instance, kind: 'follow-up', run: run.id });
  const report = await reconcile(deps.runs, {
    key: { runId: run.id, kind: 'follow-up', key: '' },
    digest: digestOf(run.id),
    whenGone: 'leave',
    async find() {
      const since = lookSince(run.settledAt ?? input.now);
      const found = await findOwnIssue(octokit, name, { marker, appId, since });
      return found === null ? null : posted(found);
    },
    create: async () => posted(await createIssue(octokit, name, wanted)),
    update: async ({ githubId, nodeId, url }) => ({ githubId: githubId ?? 0, nodeId, url }),
  });
  keep(publication, report);
  return report.state === 'posted' ? input.now : null;
}

function posted({ number, nodeId, url }: Issue): Posted {
  return { githubId: number, nodeId, url, data: { number } };
}
