import { changeLabels, ensureLabel } from '../github/labels.ts';
import { addReaction } from '../github/reactions.ts';
import { reactionTarget } from '../render/answer/reaction-target.ts';
import { reactionForEnd } from '../render/answer/reactions.ts';
import { labelsFor } from '../render/pull/labels.ts';
import { recordReport } from '../store/reports.ts';
import { digestOf } from './digest.ts';
import { type Publication, reportOf } from './publication.ts';

/** The label that shows the state, so that a list of issues can be searched by it. */
export async function publishLabels(publication: Publication): Promise<void> {
  const { deps, stored, octokit, name } = publication;
  const { trigger, subject } = stored.context;
  const { add, remove } = labelsFor(
    stored.run,
    deps.settings.prefix,
    trigger.via === 'label' && trigger.keepsLabel !== true ? trigger.text : null,
  );
  const digest = digestOf({ add: add?.name ?? null, remove: [...remove] });
  if (reportOf(publication, 'labels')?.digest === digest) return;
  if (add !== null) await ensureLabel(octokit, name, add);
  await changeLabels(
    octokit,
    { ...name, number: subject.number },
    { add: add === null ? [] : [add.name], remove },
  );
  await mark(publication, 'labels', digest);
}

/** How the run ended, as a reaction on the comment or issue that started it. */
export async function publishReaction(publication: Publication): Promise<void> {
  const { stored, octokit, name } = publication;
  const content = reactionForEnd(stored.run.status);
  if (content === null || reportOf(publication, 'reaction')?.digest === content) return;
  const { trigger, subject } = stored.context;
  await addReaction(octokit, name, reactionTarget(trigger, subject.number), content);
  await mark(publication, 'reaction', content);
}

async function mark({ deps, stored }: Publication, kind: string, digest: string): Promise<void> {
  const posted = { githubId: 0, nodeId: null, url: null, digest, data: null, at: deps.runs.now() };
  await recordReport(deps.runs.db, { runId: stored.run.id, kind, key: '' }, posted);
}
