import { restoreReading } from './restore.ts';
import type { Database } from './schema.ts';

/** How the comment of a delivery was understood when it was handled first; null: it was not yet. */
export async function findReading(db: Database, guid: string): Promise<unknown> {
  const row = await db
    .selectFrom('deliveries')
    .select('reading')
    .where('guid', '=', guid)
    .executeTakeFirst();
  const reading = row?.reading ?? null;
  return reading === null ? null : restoreReading(reading);
}

/** Kept before anything is carried out: afterwards the thread is another one, and would be read otherwise. */
export async function saveReading(db: Database, guid: string, reading: unknown): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ reading: JSON.stringify(reading) })
    .where('guid', '=', guid)
    .execute();
}
