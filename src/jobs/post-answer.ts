import { createHash } from 'node:crypto';
import { createComment, findOwnComment } from '../github/comments.ts';
import { posted } from '../publish/publish-gates.ts';
import { reconcile } from '../publish/reconcile.ts';
import type { AnswerJob } from '../queue/jobs.ts';
import type { JobAttempt } from '../queue/worker.ts';
import { renderMarker } from '../render/text/marker.ts';
import type { JobDeps } from './job-deps.ts';

/** Posts the answer to a command: each of its comments once, one after the other. */
export function postAnswer(deps: JobDeps) {
  return async ({ data }: JobAttempt<'post-answer'>): Promise<void> => {
    const bodies = [data.body, ...(data.more ?? [])];
    for (const [index, body] of bodies.entries()) await postPart(deps, data, index, body);
  };
}

async function postPart(
  deps: JobDeps,
  answer: AnswerJob,
  index: number,
  body: string,
): Promise<void> {
  const octokit = deps.github.installation(answer.installationId);
  const item = { owner: answer.owner, repo: answer.repo, number: answer.number };
  const part = index === 0 ? '' : String(index + 1);
  const marker = renderMarker({
    instance: deps.settings.instance,
    kind: 'answer',
    key: part === '' ? answer.key : `${answer.key}/part-${part}`,
  });
  await reconcile(deps.runs, {
    key: { runId: `answer/${answer.key}`, kind: 'answer', key: part },
    digest: createHash('sha256').update(body).digest('hex'),
    whenGone: 'leave',
    async find() {
      const found = await findOwnComment(octokit, item, { marker, appId: deps.settings.appId });
      return found === null ? null : posted(found);
    },
    create: async () =>
      posted(await createComment(octokit, item, `${marker}\n${body}`, { urgent: true })),
    // An answer is said once and not edited.
    update: async (report) => ({
      githubId: report.githubId ?? 0,
      nodeId: report.nodeId,
      url: report.url,
    }),
  });
}
