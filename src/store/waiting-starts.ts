import type { Json } from '../plan/json.ts';
import { restoreRequest, textOfRequest } from './restore.ts';
import type { Database, DatabaseTransaction } from './schema.ts';
import type { ConcurrencyKey, StartPlace } from './starts.ts';

/** A start that happens once the runs in its way are over. */
export interface WaitingStart extends StartPlace {
  /** What asked for it; each key waits only once. */
  readonly key: string;
  /** What must be free. */
  readonly scope: ConcurrencyKey;
  readonly request: Json;
}

/** The most one look returns; every end of a run triggers another look. */
const MOST = 100;

export async function insertWaitingStart(
  trx: DatabaseTransaction,
  start: WaitingStart & { readonly at: string },
): Promise<void> {
  await trx
    .insertInto('waiting_starts')
    .values({
      key: start.key,
      repository_id: start.repositoryId,
      subject_number: start.subjectNumber,
      workflow: start.workflow,
      scope: start.scope,
      request: textOfRequest(start.request),
      queued_at: start.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Returns false if it no longer waits. */
export async function deleteWaitingStart(db: Database, key: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('waiting_starts')
    .where('key', '=', key)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Starts waiting on the item: their keys and what asked for them. */
export async function findWaitingOn(
  db: Database,
  { repositoryId, subjectNumber }: Pick<StartPlace, 'repositoryId' | 'subjectNumber'>,
): Promise<readonly Pick<WaitingStart, 'key' | 'request'>[]> {
  const rows = await db
    .selectFrom('waiting_starts')
    .select(['key', 'request'])
    .where('repository_id', '=', repositoryId)
    .where('subject_number', '=', subjectNumber)
    .execute();
  return rows.map(({ key, request }) => ({ key, request: restoreRequest(request) }));
}

/** Other starts of the workflow waiting on the item. */
export async function countWaiting(
  db: Database,
  place: StartPlace,
  exceptKey: string,
): Promise<number> {
  const row = await db
    .selectFrom('waiting_starts')
    .select(({ fn }) => fn.countAll<string | number>().as('starts'))
    .where('repository_id', '=', place.repositoryId)
    .where('subject_number', '=', place.subjectNumber)
    .where('workflow', '=', place.workflow)
    .where('key', '<>', exceptKey)
    .executeTakeFirstOrThrow();
  return Number(row.starts);
}

/** Oldest first. */
export async function findWaitingStarts(
  db: Database,
  repositoryId: number,
): Promise<readonly WaitingStart[]> {
  const rows = await db
    .selectFrom('waiting_starts')
    .selectAll()
    .where('repository_id', '=', repositoryId)
    .orderBy('queued_at')
    .orderBy('key')
    .limit(MOST)
    .execute();
  return rows.map((row) => ({
    key: row.key,
    repositoryId: row.repository_id,
    subjectNumber: row.subject_number,
    workflow: row.workflow,
    scope: row.scope,
    request: restoreRequest(row.request),
  }));
}

/** Repositories where starts are waiting; given one, whether it has any. */
export async function findRepositoriesWaiting(
  db: Database,
  only?: number,
): Promise<readonly number[]> {
  let query = db.selectFrom('waiting_starts').select('repository_id').distinct();
  if (only !== undefined) query = query.where('repository_id', '=', only);
  return (await query.execute()).map((row) => row.repository_id);
}
