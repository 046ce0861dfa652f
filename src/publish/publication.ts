import { isSettled } from '../engine/state/is-settled.ts';
import type { Run } from '../engine/state/run.ts';
import type { Octokit } from '../github/client.ts';
import type { ReportInput, ReportLinks } from '../render/comment/report-input.ts';
import { linksFor } from '../runs/posted-links.ts';
import { readQuiet } from '../runs/read-quiet.ts';
import { type OutputRef, readOutputs } from '../store/outputs.ts';
import { listReports, type Report } from '../store/reports.ts';
import { readRun, type StoredRun } from '../store/runs.ts';
import { listTransitions } from '../store/transitions.ts';
import type { PublishDeps } from './publish-deps.ts';

/** One pass over everything a run shows on GitHub. */
export interface Publication {
  readonly deps: PublishDeps;
  readonly stored: StoredRun;
  readonly octokit: Octokit;
  readonly name: { readonly owner: string; readonly repo: string };
  /** What has been posted so far: earlier publishers of the same pass have added to it. */
  readonly reports: Map<string, Report>;
  readonly input: ReportInput;
}

export async function openPublication(deps: PublishDeps, runId: string): Promise<Publication> {
  const { db } = deps.runs;
  const stored = await readRun(db, runId);
  const { context, run, plan } = stored;
  const reports = new Map((await listReports(db, runId)).map((report) => [keyOf(report), report]));
  const outputs = await readOutputs(db, runId, shownOutputs(run));
  const input: ReportInput = {
    plan,
    run,
    context,
    records: await listTransitions(db, runId),
    outputs: Object.fromEntries(outputs.map((output) => [output.node, output])),
    links: NO_LINKS,
    quiet: await readQuiet(deps.runs, run, deps.settings.quietAfterMs),
    now: deps.runs.now(),
    settings: {
      prefix: deps.settings.prefix,
      bare: deps.settings.bareCommands,
      instance: deps.settings.instance,
      version: deps.settings.version,
      mention: 'approvers',
      endComment: 'long-or-gated',
    },
  };
  return {
    deps,
    stored,
    octokit: deps.github.installation(context.installationId),
    name: { owner: context.repository.owner, repo: context.repository.name },
    reports,
    input,
  };
}

/** The input of a renderer, with the addresses of what has been posted so far. */
export function inputOf(publication: Publication): ReportInput {
  const links = linksFor([...publication.reports.values()]);
  return { ...publication.input, links: { ...NO_LINKS, ...links } };
}

export function reportOf({ reports }: Publication, kind: string, key = ''): Report | undefined {
  return reports.get(`${kind}/${key}`);
}

export function keep({ reports }: Publication, report: Report): void {
  reports.set(keyOf(report), report);
}

/** What awaits a decision is shown in full; everything else once the run is over. */
function shownOutputs(run: Run): OutputRef[] {
  const decided = run.gates.map(({ subject, visit }) => ({ node: subject.node, visit }));
  if (!isSettled(run.status)) return decided;
  const root = Object.entries(run.frames['']?.nodes ?? {});
  return root.flatMap(([node, { result, visit }]) => (result === null ? [] : [{ node, visit }]));
}

const NO_LINKS: ReportLinks = { runPage: null, runComment: null, gates: {}, pullRequest: null };

function keyOf({ kind, key }: Report): string {
  return `${kind}/${key}`;
}
