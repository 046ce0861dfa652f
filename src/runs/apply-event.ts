import type { RunEvent, Transition } from '../engine/state/event.ts';
import { isSettled } from '../engine/state/is-settled.ts';
import type { Run } from '../engine/state/run.ts';
import { transition } from '../engine/transition.ts';
import { enqueueAll } from '../queue/queue.ts';
import { type StoredRun, saveRun } from '../store/runs.ts';
import type { DatabaseTransaction } from '../store/schema.ts';
import { appendTransitions } from '../store/transitions.ts';
import { findRepositoriesWaiting } from '../store/waiting-starts.ts';
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
  const showAt = isNews(stored.run, next.run) ? null : progressDue(deps, event.at);
  await enqueueAll(
    deps.queue,
    trx,
    next.effects.map((effect) => jobFor(next.run.id, effect, showAt)),
  );
  const { repository } = stored.context;
  const isOver = isSettled(next.run.status) && !isSettled(stored.run.status);
  if (isOver && (await findRepositoriesWaiting(trx, repository.id)).length > 0) {
    const data = { repositoryId: repository.id };
    await enqueueAll(deps.queue, trx, [{ name: 'start-waiting', data }]);
  }
  return next;
}

/** Changes that somebody may be waiting for. */
function isNews(before: Run, after: Run): boolean {
  return (['status', 'gates', 'headSha', 'reason', 'held', 'breach'] as const).some(
    (fact) => before[fact] !== after[fact],
  );
}

function progressDue({ progressDelayMs = 0 }: RunDeps, at: string): string | null {
  return progressDelayMs === 0 ? null : new Date(Date.parse(at) + progressDelayMs).toISOString();
}
