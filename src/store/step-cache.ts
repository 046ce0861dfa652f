import type { JsonObject } from '../plan/json.ts';
import type { Database } from './schema.ts';

/** The stored answer of a step that depended on exactly this; null if there is none. */
export async function findCached(db: Database, key: string): Promise<JsonObject | null> {
  const row = await db
    .selectFrom('step_cache')
    .select('answer')
    .where('key', '=', key)
    .executeTakeFirst();
  return row === undefined ? null : JSON.parse(row.answer);
}

/** Stores an answer. The first one stays, so that equal steps agree. */
export async function saveCached(
  db: Database,
  entry: { key: string; repositoryId: number; answer: JsonObject; at: string },
): Promise<void> {
  await db
    .insertInto('step_cache')
    .values({
      key: entry.key,
      repository_id: entry.repositoryId,
      answer: JSON.stringify(entry.answer),
      created_at: entry.at,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

/** Deletes what was stored before a time; returns how many. */
export async function pruneCached(db: Database, before: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('step_cache')
    .where('created_at', '<', new Date(before))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
