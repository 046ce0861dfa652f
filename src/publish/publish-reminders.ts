import type { Gate } from '../engine/state/run.ts';
import { createComment, findOwnComment } from '../github/comments.ts';
import { renderGateReminder } from '../render/comment/gate-reminder.ts';
import { renderMarker } from '../render/text/marker.ts';
import { digestOf } from './digest.ts';
import { foldReport } from './fold-report.ts';
import { lookSince } from './look-since.ts';
import { inputOf, type Publication, reportOf } from './publication.ts';
import { posted } from './publish-gates.ts';
import { reconcile } from './reconcile.ts';

/** One comment for all gates that became due together; folded once none of them is waiting any more. */
export async function publishReminders(publication: Publication): Promise<void> {
  const { gates } = publication.stored.run;
  const times = new Set(gates.flatMap(({ remindedAt }) => remindedAt ?? []));
  for (const time of times) {
    const about = gates.filter(({ remindedAt }) => remindedAt === time);
    await publishReminder(publication, time, about);
  }
}

async function publishReminder(
  publication: Publication,
  remindedAt: string,
  gates: readonly Gate[],
): Promise<void> {
  const { deps, stored, octokit, name } = publication;
  const open = gates.filter(({ status }) => status === 'open');
  // All were decided before anybody was reminded.
  if (open.length === 0 && reportOf(publication, 'reminder', remindedAt) === undefined) return;
  const { run, context } = stored;
  const item = { ...name, number: context.subject.number };
  const { instance } = deps.settings;
  const marker = renderMarker({ instance, kind: 'reminder', run: run.id, key: remindedAt });
  const report = await reconcile(deps.runs, {
    key: { runId: run.id, kind: 'reminder', key: remindedAt },
    digest: digestOf([remindedAt, open.length > 0]),
    whenGone: 'leave',
    async find() {
      const since = lookSince(remindedAt);
      const { appId } = deps.settings;
      const found = await findOwnComment(octokit, item, { marker, appId, since });
      return found === null ? null : posted(found);
    },
    create: async () => {
      const body = renderGateReminder(inputOf(publication), open, remindedAt);
      return posted(await createComment(octokit, item, body));
    },
    update: async ({ githubId, nodeId, url }) => ({ githubId: githubId ?? 0, nodeId, url }),
  });
  if (open.length === 0) await foldReport(publication, report, 'RESOLVED');
}
