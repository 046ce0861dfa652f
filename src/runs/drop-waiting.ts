import { insertCommand } from '../store/commands.ts';
import { takeWaitingStarts } from '../store/waiting-starts.ts';
import type { RunDeps } from './run-deps.ts';
import type { ThreadKey } from './thread-runs.ts';

/** Takes back every start that waits on the item, for the command of that key. Returns how many there were. */
export async function dropWaiting(
  deps: RunDeps,
  { repositoryId, number }: ThreadKey,
  key: string,
): Promise<number> {
  return deps.db.transaction().execute(async (trx) => {
    const dropped = await takeWaitingStarts(trx, { repositoryId, subjectNumber: number });
    if (dropped > 0) await insertCommand(trx, { key, runId: null, at: deps.now() });
    return dropped;
  });
}
