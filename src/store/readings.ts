import { restoreReading } from './restore.ts';
import type { Database } from './schema.ts';

/** How a delivery's comment was understood when first handled; null if it has not been. */
export async function findReading(db: Database, guid: string): Promise<unknown> {
  const row = await db
    .selectFrom('deliveries')
    .select('reading')
    .where('guid', '=', guid)
    .executeTakeFirst();
  const reading = row?.reading ?? null;
  return reading === null ? null : restoreReading(reading);
}

/** Saved before anything is carried out: afterwards the thread has changed and would be read differently. */
export async function saveReading(db: Database, guid: string, reading: unknown): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ reading: JSON.stringify(reading) })
    .where('guid', '=', guid)
    .execute();
}
