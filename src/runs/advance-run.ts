import type { RunEvent, Transition } from '../engine/state/event.ts';
import { lockRun, type StoredRun } from '../store/runs.ts';
import type { DatabaseTransaction } from '../store/schema.ts';
import { applyEvent } from './apply-event.ts';
import type { RunDeps } from './run-deps.ts';

/**
 * Applies one event to one run: lock, decide, save, enqueue, all or nothing. `alongside` writes in
 * the same transaction, and only if the event was applied.
 */
export async function advanceRun(
  deps: RunDeps,
  runId: string,
  event: RunEvent,
  alongside: (trx: DatabaseTransaction, before: StoredRun) => Promise<void> = async () => {},
): Promise<Transition> {
  return deps.db.transaction().execute(async (trx) => {
    const stored = await lockRun(trx, runId);
    const next = await applyEvent(deps, trx, stored, event);
    if (next.run !== stored.run) await alongside(trx, stored);
    return next;
  });
}
