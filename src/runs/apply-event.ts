import type { RunEvent, Transition } from '../engine/event.ts';
import { transition } from '../engine/transition.ts';
import { enqueueAll } from '../queue/queue.ts';
import { type StoredRun, saveRun } from '../store/runs.ts';
import type { DatabaseTransaction } from '../store/schema.ts';
import { appendTransitions } from '../store/transitions.ts';
import { jobFor } from './job-for.ts';
import type { RunDeps } from './run-deps.ts';

/** The step shared by every use case that moves a run. The caller owns the transaction and the lock. */
export async function applyEvent(
  deps: RunDeps,
  trx: DatabaseTransaction,
  stored: StoredRun,
  event: RunEvent,
): Promise<Transition> {
  const next = transition(stored.plan, stored.run, event);
  if (next.run === stored.run) return next;
  await saveRun(trx, next.run, event.at);
  await appendTransitions(trx, next.run.id, next.records);
  await enqueueAll(
    deps.queue,
    trx,
    next.effects.map((effect) => jobFor(next.run.id, effect)),
  );
  return next;
}
