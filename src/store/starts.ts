import { sql } from 'kysely';
import type { RunContext } from '../engine/state/run-context.ts';
import type { StartRules } from '../plan/plan.ts';
import { restoreContext } from './restore.ts';
import type { Database, DatabaseTransaction } from './schema.ts';

/** What a start is about. */
export interface StartPlace {
  readonly repositoryId: number;
  readonly subjectNumber: number;
  readonly workflow: string;
}

export type ConcurrencyKey = NonNullable<StartRules['concurrency']>['key'];

/** Makes starts in one repository wait for each other until the transaction ends. */
export async function lockStarts(trx: DatabaseTransaction, repositoryId: number): Promise<void> {
  const name = `sluice-starts:${repositoryId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}

/** The run that this very request started. */
export async function findStarted(db: Database, startKey: string): Promise<string | null> {
  const row = await db
    .selectFrom('runs')
    .select('id')
    .where('start_key', '=', startKey)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Live runs that share the start's key, locked as they are until the transaction ends. */
export async function lockBusy(
  trx: DatabaseTransaction,
  place: StartPlace,
  scope: ConcurrencyKey,
): Promise<readonly string[]> {
  const rows = await busyWith(trx, place, scope).orderBy('id').forUpdate().execute();
  return rows.map(({ id }) => id);
}

export async function isBusy(
  db: Database,
  place: StartPlace,
  scope: ConcurrencyKey,
): Promise<boolean> {
  return (await busyWith(db, place, scope).limit(1).executeTakeFirst()) !== undefined;
}

function busyWith(db: Database, place: StartPlace, scope: ConcurrencyKey) {
  let query = db
    .selectFrom('runs')
    .select('id')
    .where('repository_id', '=', place.repositoryId)
    .where('live', '=', true);
  if (scope !== 'repository') query = query.where('workflow', '=', place.workflow);
  if (scope === 'item') query = query.where('subject_number', '=', place.subjectNumber);
  return query;
}

/** When the workflow was last started on the item. */
export async function findLastStart(db: Database, place: StartPlace): Promise<string | null> {
  const row = await runsAt(db, place)
    .select('queued_at')
    .orderBy('queued_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.queued_at.toISOString() ?? null;
}

/** What the last successful run there was about. */
export async function findLastSuccess(
  db: Database,
  place: StartPlace,
): Promise<{ readonly id: string; readonly context: RunContext } | null> {
  const row = await runsAt(db, place)
    .select(['id', 'context'])
    .where('status', '=', 'succeeded')
    .orderBy('queued_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { id: row.id, context: restoreContext(row.context) };
}

function runsAt(db: Database, place: StartPlace) {
  return db
    .selectFrom('runs')
    .where('repository_id', '=', place.repositoryId)
    .where('workflow', '=', place.workflow)
    .where('subject_number', '=', place.subjectNumber);
}

/** Starts of the workflow in the repository since a time; of one person if given. */
export async function countStarts(
  db: Database,
  { repositoryId, workflow }: StartPlace,
  { since, starter }: { readonly since: string; readonly starter?: string },
): Promise<number> {
  let query = db
    .selectFrom('runs')
    .select(({ fn }) => fn.countAll<string | number>().as('starts'))
    .where('repository_id', '=', repositoryId)
    .where('workflow', '=', workflow)
    .where('queued_at', '>', sql<Date>`${since}`);
  if (starter !== undefined) query = query.where('starter', '=', starter.toLowerCase());
  return Number((await query.executeTakeFirstOrThrow()).starts);
}
