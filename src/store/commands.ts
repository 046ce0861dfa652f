import type { DatabaseTransaction } from './schema.ts';

/**
 * Writes down, in the transaction that carries it out, that a command is done. Returns false when it
 * was before: a delivery handled again after a crash does nothing, and is not told of being too late.
 */
export async function insertCommand(
  trx: DatabaseTransaction,
  command: { readonly key: string; readonly runId: string; readonly at: string },
): Promise<boolean> {
  const inserted = await trx
    .insertInto('commands')
    .values({ key: command.key, run_id: command.runId, at: command.at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  return inserted !== undefined;
}
