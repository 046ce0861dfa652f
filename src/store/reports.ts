import type { ExpressionBuilder, Selectable } from 'kysely';
import type { Json } from '../plan/json.ts';
import type { Database, ReportState, Tables } from './schema.ts';

/** Something we show on GitHub: the run comment, a gate's comment, a check run, a pull request, … */
export interface Report extends ReportKey {
  readonly state: ReportState;
  readonly githubId: number | null;
  readonly nodeId: string | null;
  readonly url: string | null;
  /** Digest of the content last posted; if equal, no edit is needed. */
  readonly digest: string | null;
  readonly data: Json;
  readonly intendedAt: string;
  readonly postedAt: string | null;
}

export interface ReportKey {
  readonly runId: string;
  readonly kind: string;
  /** Which one of its kind: a gate's id, a commit. Empty if there is only one. */
  readonly key: string;
}

export type Intention =
  | { readonly status: 'new' }
  /** Intended before and never recorded: it may be on GitHub, so look for our marker first. */
  | { readonly status: 'unfinished'; readonly intendedAt: string }
  | { readonly status: 'posted' | 'gone'; readonly report: Report };

/** Records that we are about to create something on GitHub, before the call that does it. */
export async function intendReport(db: Database, key: ReportKey, at: string): Promise<Intention> {
  const inserted = await db
    .insertInto('reports')
    .values({ ...keyColumns(key), state: 'intended', data: 'null', intended_at: at })
    .onConflict((conflict) => conflict.columns(['run_id', 'kind', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (inserted !== undefined) return { status: 'new' };
  const report = await findReport(db, key);
  if (report === undefined) return { status: 'unfinished', intendedAt: at };
  if (report.state === 'intended') return { status: 'unfinished', intendedAt: report.intendedAt };
  return { status: report.state, report };
}

export interface PostedReport {
  readonly githubId: number;
  readonly nodeId: string | null;
  readonly url: string | null;
  readonly digest: string | null;
  readonly data: Json;
  readonly at: string;
}

/** Records what is now on GitHub, after creating it, finding it again or editing it. */
export async function recordReport(
  db: Database,
  key: ReportKey,
  posted: PostedReport,
): Promise<void> {
  const columns = {
    state: 'posted' as const,
    github_id: posted.githubId,
    node_id: posted.nodeId,
    url: posted.url,
    digest: posted.digest,
    data: JSON.stringify(posted.data),
    posted_at: posted.at,
  };
  await db
    .insertInto('reports')
    .values({ ...keyColumns(key), ...columns, intended_at: posted.at })
    .onConflict((conflict) => conflict.columns(['run_id', 'kind', 'key']).doUpdateSet(columns))
    .execute();
}

/** Somebody deleted it on GitHub. It is created again only by a new intention after `forgetReport`. */
export async function markReportGone(db: Database, key: ReportKey): Promise<void> {
  await db.updateTable('reports').set({ state: 'gone' }).where(matches(key)).execute();
}

/** Makes room for creating it again. */
export async function forgetReport(db: Database, key: ReportKey): Promise<void> {
  await db.deleteFrom('reports').where(matches(key)).execute();
}

export async function findReport(db: Database, key: ReportKey): Promise<Report | undefined> {
  const row = await db.selectFrom('reports').selectAll().where(matches(key)).executeTakeFirst();
  return row === undefined ? undefined : reportFor(row);
}

/** Which of our reports a comment, check run or pull request on GitHub is. */
export async function findReportByGithubId(
  db: Database,
  kind: string,
  githubId: number,
): Promise<Report | undefined> {
  const row = await db
    .selectFrom('reports')
    .selectAll()
    .where('kind', '=', kind)
    .where('github_id', '=', githubId)
    .orderBy('intended_at', 'desc')
    .executeTakeFirst();
  return row === undefined ? undefined : reportFor(row);
}

/** All of a run's reports, oldest first. */
export async function listReports(db: Database, runId: string): Promise<Report[]> {
  const rows = await db
    .selectFrom('reports')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('intended_at')
    .orderBy('kind')
    .orderBy('key')
    .execute();
  return rows.map(reportFor);
}

function keyColumns(key: ReportKey) {
  return { run_id: key.runId, kind: key.kind, key: key.key };
}

function matches(key: ReportKey) {
  return (where: ExpressionBuilder<Tables, 'reports'>) => where.and(keyColumns(key));
}

function reportFor(row: Selectable<Tables['reports']>): Report {
  return {
    runId: row.run_id,
    kind: row.kind,
    key: row.key,
    state: row.state,
    githubId: row.github_id,
    nodeId: row.node_id,
    url: row.url,
    digest: row.digest,
    data: row.data,
    intendedAt: row.intended_at.toISOString(),
    postedAt: row.posted_at?.toISOString() ?? null,
  };
}
