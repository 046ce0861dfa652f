import type { RunStatus } from '../engine/state/run.ts';
import type { Database } from './schema.ts';

/** What a list shows of a run, without its state. */
export interface RunSummary {
  readonly id: string;
  readonly installationId: number;
  readonly repositoryId: number;
  readonly subjectNumber: number;
  readonly workflow: string;
  readonly branch: string;
  readonly headSha: string | null;
  readonly status: RunStatus;
  readonly live: boolean;
  readonly queuedAt: string;
  readonly settledAt: string | null;
  readonly updatedAt: string;
}

export interface SubjectKey {
  readonly repositoryId: number;
  readonly subjectNumber: number;
}

export interface RunFilter {
  readonly repositoryId?: number;
  readonly status?: readonly RunStatus[];
  readonly live?: boolean;
  readonly limit?: number;
}

/** Runs of the subject that are not settled, newest first. */
export async function findLiveRuns(db: Database, subject: SubjectKey): Promise<RunSummary[]> {
  const rows = await runsOf(db, subject).where('live', '=', true).execute();
  return rows.map(summaryFor);
}

/** The subject's newest run, settled or not; of one workflow if given. */
export async function findLatestRun(
  db: Database,
  subject: SubjectKey,
  workflow?: string,
): Promise<RunSummary | undefined> {
  let query = runsOf(db, subject).limit(1);
  if (workflow !== undefined) query = query.where('workflow', '=', workflow);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : summaryFor(row);
}

/** Runs that write to the branch, newest first. */
export async function findRunsByBranch(
  db: Database,
  repositoryId: number,
  branch: string,
): Promise<RunSummary[]> {
  const rows = await newestFirst(db)
    .where('repository_id', '=', repositoryId)
    .where('branch', '=', branch)
    .execute();
  return rows.map(summaryFor);
}

/** Newest first. */
export async function listRuns(db: Database, filter: RunFilter = {}): Promise<RunSummary[]> {
  let query = newestFirst(db).limit(filter.limit ?? 100);
  if (filter.repositoryId !== undefined) {
    query = query.where('repository_id', '=', filter.repositoryId);
  }
  if (filter.status !== undefined) query = query.where('status', 'in', [...filter.status]);
  if (filter.live !== undefined) query = query.where('live', '=', filter.live);
  return (await query.execute()).map(summaryFor);
}

function runsOf(db: Database, subject: SubjectKey) {
  return newestFirst(db)
    .where('repository_id', '=', subject.repositoryId)
    .where('subject_number', '=', subject.subjectNumber);
}

function newestFirst(db: Database) {
  return db
    .selectFrom('runs')
    .select([
      'id',
      'installation_id as installationId',
      'repository_id as repositoryId',
      'subject_number as subjectNumber',
      'workflow',
      'branch',
      'head_sha as headSha',
      'status',
      'live',
      'queued_at as queuedAt',
      'settled_at as settledAt',
      'updated_at as updatedAt',
    ])
    .orderBy('queued_at', 'desc')
    .orderBy('id');
}

interface SummaryRow extends Omit<RunSummary, 'queuedAt' | 'settledAt' | 'updatedAt'> {
  readonly queuedAt: Date;
  readonly settledAt: Date | null;
  readonly updatedAt: Date;
}

function summaryFor(row: SummaryRow): RunSummary {
  return {
    ...row,
    queuedAt: row.queuedAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
  };
}
