import { fromKysely } from 'pg-boss';
import type { Logger } from 'pino';
import { AppError } from '../errors.ts';
import type { DatabaseHandle } from '../store/database.ts';
import type { DatabaseTransaction } from '../store/schema.ts';
import { addCoalesced, addJobs } from './add-jobs.ts';
import { type Boss, startBoss } from './boss.ts';
import {
  groupFor,
  isJobName,
  JOB_SETTINGS,
  type Job,
  type JobName,
  type NodeAttempt,
  type QueuedJob,
  startAfterOf,
} from './jobs.ts';
import { openQueueSession } from './open-session.ts';
import type { Session } from './session.ts';
import { withdrawAttempt, withdrawDeliveries } from './withdraw.ts';
import { type JobHandler, Worker } from './worker.ts';

export interface Queue extends Boss {
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
  const boss = await startBoss(database, log, (name) => {
    if (isJobName(name)) workers[name]?.wake();
  });
  const session = await openQueueSession(database, boss, log, {
    stopped: (attempt) => stopped(JSON.parse(attempt), workers),
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
  return { ...boss, session, log, workers, touching };
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
    if (job.name === 'stop-node') await withdrawAttempt(queue.boss, db, job.data);
    else if (JOB_SETTINGS[job.name].order === 'coalesced') await addCoalesced(queue.boss, db, job);
    else independent.set(job.name, [...(independent.get(job.name) ?? []), job]);
  }
  for (const [name, group] of independent) await addJobs(queue.boss, db, name, group);
  for (const job of jobs) {
    if (job.name === 'stop-node') continue;
    const startAfter = startAfterOf(job);
    if (startAfter !== undefined) queue.workers[job.name]?.wakeAt(startAfter);
  }
}

/** Makes room for a fresh attempt at deliveries; returns those being handled right now. */
export async function withdrawWaiting(
  queue: Queue,
  trx: DatabaseTransaction,
  guids: readonly string[],
): Promise<Set<string>> {
  return withdrawDeliveries(queue.boss, fromKysely(trx), guids);
}

/** Starts doing jobs of this name in this process. */
export function work<Name extends JobName>(
  queue: Queue,
  name: Name,
  options: { readonly concurrency: number },
  handler: JobHandler<Name>,
): void {
  const { log, session } = queue;
  const deps = { boss: queue, log, workerNumber: () => session.worker };
  if (queue.workers[name] !== undefined) {
    throw new AppError('worker-exists', `This process has a worker for ${name} already.`);
  }
  const workers: { [One in Name]?: Worker<One> } = queue.workers;
  workers[name] = new Worker(deps, name, options.concurrency, handler);
}

/** Queues a sweep by cron, in UTC, once for all processes. */
export async function scheduleSweep(queue: Queue, task: string, cron: string): Promise<void> {
  await queue.boss.schedule(
    'sweep',
    cron,
    { task },
    {
      key: task,
      singletonKey: task,
      ...groupFor('sweep', task),
    },
  );
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
