import { isSettled } from '../../engine/is-settled.ts';
import { createComment, findOwnComment } from '../../github/comments.ts';
import { renderEndComment } from '../../render/end-comment.ts';
import { renderMarker } from '../../render/marker.ts';
import { digestOf } from './digest.ts';
import { inputOf, type Publication } from './publication.ts';
import { posted } from './publish-gates.ts';
import { reconcile } from './reconcile.ts';

/** One comment at the end, where an edit alone would reach nobody who waits. Said once for each time the run ends. */
export async function publishEnd(publication: Publication): Promise<void> {
  const { deps, stored, octokit, name } = publication;
  const { run, context } = stored;
  if (!isSettled(run.status)) return;
  const body = renderEndComment(inputOf(publication));
  if (body === null) return;
  const item = { ...name, number: context.subject.number };
  const marker = renderMarker({ instance: deps.settings.instance, kind: 'end', run: run.id });
  await reconcile(deps.runs, {
    key: { runId: run.id, kind: 'end', key: run.settledAt ?? '' },
    digest: digestOf(run.settledAt ?? ''),
    whenGone: 'leave',
    async find() {
      const since = run.settledAt === null ? undefined : new Date(run.settledAt);
      const found = await findOwnComment(octokit, item, {
        marker,
        appId: deps.settings.appId,
        since,
      });
      return found === null ? null : posted(found);
    },
    create: async () => posted(await createComment(octokit, item, body)),
    update: async ({ githubId, nodeId, url }) => ({ githubId: githubId ?? 0, nodeId, url }),
  });
}
