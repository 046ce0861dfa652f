import { fromKysely, type Db as JobDatabase, type PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import type { DatabaseHandle } from '../store/database.ts';
import type { DatabaseTransaction } from '../store/schema.ts';
import { startBoss } from './boss.ts';
import {
  holdWaitingJob,
  insertJobs,
  startAfterOf,
  withdrawAttempt,
  withdrawDeliveries,
} from './job-insert.ts';
import { JOBS_CHANNEL, STOPS_CHANNEL } from './job-table.ts';
import {
  isJobName,
  JOB_SETTINGS,
  type Job,
  type JobName,
  keyFor,
  type NodeAttempt,
  type QueuedJob,
} from './jobs.ts';
import { openQueueSession, type Session } from './session.ts';
import { type JobHandler, Worker } from './worker.ts';

export interface Queue {
  readonly boss: PgBoss;
  readonly db: JobDatabase;
  readonly session: Session;
  readonly log: Logger;
  readonly workers: Workers;
  readonly touching: NodeJS.Timeout;
}

type Workers = { [Name in JobName]?: Worker<Name> };

const TOUCH_MS = 5_000;

/** Opens the queue on the state's database. Jobs of processes that died are requeued. */
export async function openQueue(options: {
  readonly database: DatabaseHandle;
  readonly log: Logger;
}): Promise<Queue> {
  const { database, log } = options;
  const workers: Workers = {};
  const { boss, db } = await startBoss(database, log);
  const session = await openQueueSession(database, log, {
    notified: (channel, payload) => {
      if (channel === JOBS_CHANNEL && isJobName(payload)) workers[payload]?.wake();
      if (channel === STOPS_CHANNEL) stopped(JSON.parse(payload), workers);
    },
    missed: () => {
      for (const worker of Object.values(workers)) worker.wake();
    },
    declaredDead: () => {
      for (const worker of Object.values(workers)) worker.interrupt('job-lost');
    },
  });
  const touching = setInterval(() => {
    for (const worker of Object.values(workers)) {
      worker.touch().catch((error) => log.error({ err: error }, 'heartbeats could not be written'));
    }
  }, TOUCH_MS);
  return { boss, db, session, log, workers, touching };
}

/** Queues or withdraws a job if and when the caller's transaction commits. */
export async function enqueue(queue: Queue, trx: DatabaseTransaction, job: Job): Promise<void> {
  await enqueueAll(queue, trx, [job]);
}

/** Like `enqueue`, but with one statement for all independent jobs of a name. */
export async function enqueueAll(
  queue: Queue,
  trx: DatabaseTransaction,
  jobs: readonly Job[],
): Promise<void> {
  const db = fromKysely(trx);
  const independent = new Map<QueuedJob['name'], QueuedJob[]>();
  for (const job of jobs) {
    if (job.name === 'stop-node') await withdrawAttempt(db, job.data);
    else if (JOB_SETTINGS[job.name].order === 'coalesced') await coalesce(db, job);
    else independent.set(job.name, [...(independent.get(job.name) ?? []), job]);
  }
  for (const [name, group] of independent) await insertJobs(db, name, group);
  for (const job of jobs) {
    if (job.name === 'stop-node') continue;
    const startAfter = startAfterOf(job);
    if (startAfter !== undefined) queue.workers[job.name]?.wakeAt(startAfter);
  }
}

/** Makes room for a fresh attempt at deliveries; returns those being handled right now. */
export async function withdrawWaiting(
  trx: DatabaseTransaction,
  guids: readonly string[],
): Promise<Set<string>> {
  return guids.length === 0 ? new Set() : withdrawDeliveries(fromKysely(trx), guids);
}

/** Starts doing jobs of this name in this process. */
export function work<Name extends JobName>(
  queue: Queue,
  name: Name,
  options: { readonly concurrency: number },
  handler: JobHandler<Name>,
): void {
  const { boss, db, log, session } = queue;
  const deps = { boss, db, log, workerNumber: () => session.worker };
  if (queue.workers[name] !== undefined) {
    throw new AppError('worker-exists', `This process has a worker for ${name} already.`);
  }
  const workers: { [One in Name]?: Worker<One> } = queue.workers;
  workers[name] = new Worker(deps, name, options.concurrency, handler);
}

/** Queues a sweep by cron, in UTC, once for all processes. */
export async function scheduleSweep(queue: Queue, task: string, cron: string): Promise<void> {
  await queue.boss.schedule('sweep', cron, { task }, { key: task, singletonKey: task });
}

/** Takes no new jobs, interrupts the running ones, and hands back those that do not end in time. */
export async function drainQueue(queue: Queue, graceMs: number): Promise<void> {
  await Promise.all(Object.values(queue.workers).map((worker) => worker.drain(graceMs)));
}

/** Closes the queue, not the database under it. */
export async function closeQueue(queue: Queue): Promise<void> {
  await drainQueue(queue, 0);
  clearInterval(queue.touching);
  await queue.boss.stop({ graceful: false, close: false });
  await queue.session.close();
}

/**
 * One waiting job per key is enough, and it must not start before this transaction is visible. So
 * this transaction either inserts it or locks the one already waiting.
 */
async function coalesce(db: JobDatabase, job: QueuedJob): Promise<void> {
  const key = keyFor(job) ?? '';
  for (;;) {
    if ((await insertJobs(db, job.name, [job])) > 0) return;
    // It may have been claimed since, and the claimer may have read the state before our change.
    if (await holdWaitingJob(db, job.name, key, startAfterOf(job))) return;
  }
}

function stopped(attempt: NodeAttempt, workers: Queue['workers']): void {
  workers['execute-node']?.interrupt('job-stopped', (data) => isSame(data, attempt));
}

function isSame(one: NodeAttempt, other: NodeAttempt): boolean {
  return (
    one.runId === other.runId &&
    one.node === other.node &&
    one.visit === other.visit &&
    one.attempt === other.attempt
  );
}
