import type { Gate } from '../engine/state/run.ts';
import {
  createComment,
  findOwnComment,
  type PostedComment,
  updateComment,
} from '../github/comments.ts';
import { renderGateComment } from '../render/comment/gate-comment.ts';
import { renderMarker } from '../render/text/marker.ts';
import { digestOf } from './digest.ts';
import { foldReport } from './fold-report.ts';
import { inputOf, keep, type Publication, reportOf } from './publication.ts';
import { type Posted, reconcile } from './reconcile.ts';

/**
 * One comment per gate: what is to be decided while it is open, one folded line afterwards. Gates
 * that somebody is waiting for come first, and no gate keeps another from being shown.
 */
export async function publishGates(publication: Publication): Promise<void> {
  const { gates } = publication.stored.run;
  // A gate that was over before anybody was told asks nobody anything.
  const told = gates.filter(
    (gate) => !isOpen(gate) && reportOf(publication, 'gate', gate.id) !== undefined,
  );
  const errors: unknown[] = [];
  for (const gate of [...gates.filter(isOpen), ...told]) {
    try {
      await publishGate(publication, gate);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'some gates could not be shown');
}

function isOpen({ status }: Gate): boolean {
  return status === 'open';
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
      return found === null ? null : postedGate(found);
    },
    create: async () => postedGate(await createComment(octokit, item, body, { urgent: true })),
    async update({ githubId, nodeId, url }) {
      if (githubId === null) return 'gone';
      if ((await updateComment(octokit, name, githubId, body, { urgent: true })) === 'gone')
        return 'gone';
      return { githubId, nodeId, url };
    },
  });
  keep(publication, report);
  if (gate.status === 'open') return;
  const reason = gate.status === 'decided' ? 'RESOLVED' : 'OUTDATED';
  keep(publication, await foldReport(publication, report, reason));
}

/** When it was asked is kept: an answer written earlier is not about this gate. */
function postedGate(comment: PostedComment): Posted {
  return { ...posted(comment), data: { createdAt: comment.createdAt } };
}

export function posted(comment: PostedComment): Posted {
  return { githubId: comment.id, nodeId: comment.nodeId, url: comment.url };
}
