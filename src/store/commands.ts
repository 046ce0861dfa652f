import type { Refusal } from '../engine/state/event.ts';
import type { Database, DatabaseTransaction } from './schema.ts';

/** A command that was carried out or that its run refused. */
export interface DoneCommand {
  readonly refusal: Refusal | null;
}

/**
 * Records, in the transaction that carries a command out, that it is done. Returns false if it
 * already was: a delivery handled again after a crash does nothing, and is not told that it is too
 * late.
 */
export async function insertCommand(
  trx: DatabaseTransaction,
  command: { readonly key: string; readonly runId: string | null; readonly at: string },
): Promise<boolean> {
  const inserted = await trx
    .insertInto('commands')
    .values({ key: command.key, run_id: command.runId, at: command.at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Stores why a command was refused, for whoever handles it again. */
export async function saveRefusal(
  trx: DatabaseTransaction,
  key: string,
  refusal: Refusal,
): Promise<void> {
  await trx
    .updateTable('commands')
    .set({ refusal: JSON.stringify(refusal) })
    .where('key', '=', key)
    .execute();
}

export async function findCommand(db: Database, key: string): Promise<DoneCommand | null> {
  const row = await db
    .selectFrom('commands')
    .select('refusal')
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (row.refusal === null) return { refusal: null };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `saveRefusal` and by nobody else
  return { refusal: JSON.parse(row.refusal) as Refusal };
}
