import { listReports, type Report } from '../store/reports.ts';
import { numberIn, valueIn } from './report-facts.ts';
import type { ReadDeps } from './run-deps.ts';

/** Addresses of what a run has posted on GitHub. */
export interface PostedLinks {
  readonly runComment: string | null;
  /** Gate id -> its comment. */
  readonly gates: Readonly<Record<string, string>>;
  readonly pullRequest: {
    readonly number: number;
    readonly url: string;
    readonly draft: boolean;
  } | null;
  readonly followUp?: { readonly number: number; readonly url: string };
}

export async function readPostedLinks(deps: ReadDeps, runId: string): Promise<PostedLinks> {
  return linksFor(await listReports(deps.db, runId));
}

export function linksFor(reports: readonly Report[]): PostedLinks {
  const posted = reports.filter(({ state, url }) => state === 'posted' && url !== null);
  const one = (kind: string) => posted.find((report) => report.kind === kind);
  const pull = one('pull-request');
  const followUp = issueOf(one('follow-up'));
  const gates = posted.filter(({ kind }) => kind === 'gate');
  return {
    runComment: one('run')?.url ?? null,
    gates: Object.fromEntries(gates.map(({ key, url }) => [key, url ?? ''])),
    pullRequest: pull === undefined ? null : pullRequestOf(pull),
    ...(followUp !== null && { followUp }),
  };
}

function pullRequestOf({ data, url }: Report): PostedLinks['pullRequest'] {
  const number = numberIn(data, 'number');
  if (number === null) return null;
  return { number, draft: valueIn(data, 'draft') === true, url: url ?? '' };
}

function issueOf(report: Report | undefined): { number: number; url: string } | null {
  const number = numberIn(report?.data ?? null, 'number');
  return number === null ? null : { number, url: report?.url ?? '' };
}
