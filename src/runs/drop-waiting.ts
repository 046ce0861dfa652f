import { takeWaitingStarts } from '../store/waiting-starts.ts';
import type { RunDeps } from './run-deps.ts';
import type { ThreadKey } from './thread-runs.ts';

/** Takes back every start that waits on the item. Returns how many there were. */
export async function dropWaiting(deps: RunDeps, key: ThreadKey): Promise<number> {
  return takeWaitingStarts(deps.db, { repositoryId: key.repositoryId, subjectNumber: key.number });
}
