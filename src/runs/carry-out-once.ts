import type { Refusal } from '../engine/state/event.ts';
import { findCommand, insertCommand, saveRefusal } from '../store/commands.ts';
import type { DatabaseTransaction } from '../store/schema.ts';

/** Carries a command out, or repeats how it ended if that was already done. */
export async function carryOutOnce(
  trx: DatabaseTransaction,
  command: { readonly key: string; readonly runId: string; readonly at: string },
  carryOut: () => Promise<Refusal | null>,
): Promise<Refusal | null> {
  const { key } = command;
  if (!(await insertCommand(trx, command))) return (await findCommand(trx, key))?.refusal ?? null;
  const refusal = await carryOut();
  if (refusal !== null) await saveRefusal(trx, key, refusal);
  return refusal;
}

export { findCommand } from '../store/commands.ts';
