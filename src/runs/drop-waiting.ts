import type { Json } from '../plan/json.ts';
import { readPath } from '../plan/read-path.ts';
import { insertCommand } from '../store/commands.ts';
import { deleteWaitingStart, findWaitingOn } from '../store/waiting-starts.ts';
import type { RunDeps } from './run-deps.ts';
import type { ThreadKey } from './thread-runs.ts';

/**
 * Takes back every start waiting on the item that was asked for before the command with that key,
 * as far as that time is known. Returns how many there were.
 */
export async function dropWaiting(
  deps: RunDeps,
  { repositoryId, number }: ThreadKey,
  command: { readonly key: string; readonly saidAt?: string },
): Promise<number> {
  return deps.db.transaction().execute(async (trx) => {
    const waiting = await findWaitingOn(trx, { repositoryId, subjectNumber: number });
    let dropped = 0;
    for (const { key, request } of waiting) {
      if (isLater(request, command.saidAt)) continue;
      if (await deleteWaitingStart(trx, key)) dropped += 1;
    }
    if (dropped > 0) await insertCommand(trx, { key: command.key, runId: null, at: deps.now() });
    return dropped;
  });
}

function isLater(request: Json, saidAt: string | undefined): boolean {
  const at = readPath(request, 'trigger.at');
  return typeof at === 'string' && saidAt !== undefined && Date.parse(at) > Date.parse(saidAt);
}
