import type { Json } from '../plan/json.ts';
import { restoreRequest, textOfRequest } from './restore.ts';
import type { Database, DatabaseTransaction } from './schema.ts';
import type { ConcurrencyKey, StartPlace } from './starts.ts';

/** A start that happens when the runs in its way are over. */
export interface WaitingStart extends StartPlace {
  /** What asked for it; the same key waits once. */
  readonly key: string;
  /** What must be free. */
  readonly scope: ConcurrencyKey;
  readonly request: Json;
}

/** Most that one look brings; a look follows every end of a run. */
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

/** Returns false when it waits no more. */
export async function deleteWaitingStart(db: Database, key: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('waiting_starts')
    .where('key', '=', key)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Starts that wait on the item: their keys, and what asked for them. */
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

/** Starts of the workflow that wait on the item, other than this one. */
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

/** Repositories where starts wait; of one, whether there are any. */
export async function findRepositoriesWaiting(
  db: Database,
  only?: number,
): Promise<readonly number[]> {
  let query = db.selectFrom('waiting_starts').select('repository_id').distinct();
  if (only !== undefined) query = query.where('repository_id', '=', only);
  return (await query.execute()).map((row) => row.repository_id);
}
