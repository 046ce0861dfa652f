import { isSettled } from '../engine/state/is-settled.ts';
import { createComment, findOwnComment } from '../github/comments.ts';
import { renderEndComment } from '../render/comment/end-comment.ts';
import { renderMarker } from '../render/text/marker.ts';
import { digestOf } from './digest.ts';
import { lookSince } from './look-since.ts';
import { inputOf, type Publication } from './publication.ts';
import { posted } from './publish-gates.ts';
import { reconcile } from './reconcile.ts';

/** One comment at the end, since an edit alone notifies nobody who waits. Posted once for each time the run ends. */
export async function publishEnd(publication: Publication): Promise<void> {
  const { deps, stored, octokit, name } = publication;
  const { run, context } = stored;
  if (!isSettled(run.status)) return;
  const body = renderEndComment(inputOf(publication));
  if (body === null) return;
  const item = { ...name, number: context.subject.number };
  const { instance, appId } = deps.settings;
  const key = run.settledAt ?? '';
  const marker = renderMarker({ instance, kind: 'end', run: run.id, key });
  await reconcile(deps.runs, {
    key: { runId: run.id, kind: 'end', key },
    digest: digestOf(key),
    whenGone: 'leave',
    async find() {
      const since = key === '' ? undefined : lookSince(key);
      const found = await findOwnComment(octokit, item, { marker, appId, since });
      return found === null ? null : posted(found);
    },
    create: async () => posted(await createComment(octokit, item, body)),
    update: async ({ githubId, nodeId, url }) => ({ githubId: githubId ?? 0, nodeId, url }),
  });
}
