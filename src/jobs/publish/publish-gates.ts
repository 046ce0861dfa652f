import type { Gate } from '../../engine/run.ts';
import {
  createComment,
  findOwnComment,
  minimizeComment,
  type PostedComment,
  updateComment,
} from '../../github/comments.ts';
import { renderGateComment } from '../../render/gate-comment.ts';
import { renderMarker } from '../../render/marker.ts';
import { digestOf } from './digest.ts';
import { inputOf, keep, type Publication, reportOf } from './publication.ts';
import { type Posted, reconcile } from './reconcile.ts';

/** One comment for each gate: what is decided while it is open, one folded line afterwards. */
export async function publishGates(publication: Publication): Promise<void> {
  for (const gate of publication.stored.run.gates) {
    // A gate that was over before anybody was told asks nobody anything.
    if (gate.status !== 'open' && reportOf(publication, 'gate', gate.id) === undefined) continue;
    await publishGate(publication, gate);
  }
}

async function publishGate(publication: Publication, gate: Gate): Promise<void> {
  const { deps, stored, octokit, name } = publication;
  const { run, context } = stored;
  const item = { ...name, number: context.subject.number };
  const body = renderGateComment(inputOf(publication), gate);
  const marker = renderMarker({
    instance: deps.settings.instance,
    kind: 'gate',
    run: run.id,
    gate: gate.id,
  });
  const report = await reconcile(deps.runs, {
    key: { runId: run.id, kind: 'gate', key: gate.id },
    digest: digestOf(body),
    whenGone: gate.status === 'open' ? 'recreate' : 'leave',
    async find() {
      const found = await findOwnComment(octokit, item, { marker, appId: deps.settings.appId });
      return found === null ? null : posted(found);
    },
    create: async () => posted(await createComment(octokit, item, body, { urgent: true })),
    async update({ githubId, nodeId, url }) {
      if (githubId === null) return 'gone';
      if ((await updateComment(octokit, name, githubId, body, { urgent: true })) === 'gone')
        return 'gone';
      if (gate.status !== 'open' && nodeId !== null) {
        await minimizeComment(octokit, nodeId, gate.status === 'decided' ? 'RESOLVED' : 'OUTDATED');
      }
      return { githubId, nodeId, url };
    },
  });
  keep(publication, report);
}

export function posted(comment: PostedComment): Posted {
  return { githubId: comment.id, nodeId: comment.nodeId, url: comment.url };
}
