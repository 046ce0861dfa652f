import { createHash } from 'node:crypto';
import { createComment, findOwnComment } from '../github/comments.ts';
import type { JobAttempt } from '../queue/worker.ts';
import { renderMarker } from '../render/marker.ts';
import type { JobDeps } from './job-deps.ts';
import { posted } from './publish/publish-gates.ts';
import { reconcile } from './publish/reconcile.ts';

/** Posts the one comment that answers a command. */
export function postAnswer(deps: JobDeps) {
  return async ({ data }: JobAttempt<'post-answer'>): Promise<void> => {
    const octokit = deps.github.installation(data.installationId);
    const item = { owner: data.owner, repo: data.repo, number: data.number };
    const marker = renderMarker({
      instance: deps.settings.instance,
      kind: 'answer',
      key: data.key,
    });
    await reconcile(deps.runs, {
      key: { runId: `answer/${data.key}`, kind: 'answer', key: '' },
      digest: createHash('sha256').update(data.body).digest('hex'),
      whenGone: 'leave',
      async find() {
        const found = await findOwnComment(octokit, item, { marker, appId: deps.settings.appId });
        return found === null ? null : posted(found);
      },
      create: async () =>
        posted(await createComment(octokit, item, `${marker}\n${data.body}`, { urgent: true })),
      // An answer is said once and not edited.
      update: async (report) => ({
        githubId: report.githubId ?? 0,
        nodeId: report.nodeId,
        url: report.url,
      }),
    });
  };
}
