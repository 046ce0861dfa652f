import { isSettled } from '../engine/state/is-settled.ts';
import { createComment, findOwnComment, updateComment } from '../github/comments.ts';
import { renderRunComment } from '../render/comment/run-comment.ts';
import { renderMarker } from '../render/text/marker.ts';
import { digestOf } from './digest.ts';
import { editDue } from './edit-due.ts';
import { inputOf, keep, type Publication, reportOf } from './publication.ts';
import { posted } from './publish-gates.ts';
import { reconcile } from './reconcile.ts';

/** The one comment with the state of the run. Returns when to look again if it is too early now. */
export async function publishRunComment(publication: Publication): Promise<string | null> {
  const { deps, stored, octokit, name } = publication;
  const { run, context } = stored;
  const report = reportOf(publication, 'run');
  const notBefore = report === undefined ? firstDue(publication) : editDue(publication, report);
  if (notBefore !== null) return notBefore;

  const item = { ...name, number: context.subject.number };
  const body = renderRunComment(inputOf(publication));
  const marker = renderMarker({ instance: deps.settings.instance, kind: 'run', run: run.id });
  keep(
    publication,
    await reconcile(deps.runs, {
      key: { runId: run.id, kind: 'run', key: '' },
      digest: digestOf(body),
      whenGone: 'recreate',
      async find() {
        const found = await findOwnComment(octokit, item, { marker, appId: deps.settings.appId });
        return found === null ? null : posted(found);
      },
      create: async () => ({
        ...posted(await createComment(octokit, item, body)),
        data: { status: run.status },
      }),
      async update({ githubId, nodeId, url }) {
        if (githubId === null || (await updateComment(octokit, name, githubId, body)) === 'gone')
          return 'gone';
        return { githubId, nodeId, url, data: { status: run.status } };
      },
    }),
  );
  return null;
}

/** A run that is over within seconds is reported once; a longer one is shown running. */
function firstDue({ stored: { run }, deps, input }: Publication): string | null {
  const moved = input.records.some(
    ({ kind }) => kind === 'node-completed' || kind === 'node-failed',
  );
  if (moved || isSettled(run.status) || run.gates.length > 0 || run.startedAt === null) return null;
  const due = Date.parse(run.startedAt) + deps.timing.commentDelayMs;
  return due <= Date.parse(input.now) ? null : new Date(due).toISOString();
}
