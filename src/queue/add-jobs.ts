import type { Db as JobDatabase, JobInsert, JobWithMetadata, PgBoss } from 'pg-boss';
import { storableText } from '../store/storable-text.ts';
import { groupFor, keyFor, type QueuedJob, startAfterOf } from './jobs.ts';

/** Adds jobs of one name that have nothing to do with each other. */
export async function addJobs(
  boss: PgBoss,
  db: JobDatabase,
  name: QueuedJob['name'],
  jobs: readonly QueuedJob[],
): Promise<void> {
  await boss.insert(name, jobs.map(insertFor), { db });
}

/**
 * One waiting job per key is enough, and it must not start before this transaction is visible. So
 * either this transaction adds it, or it holds the one that waits already.
 */
export async function addCoalesced(boss: PgBoss, db: JobDatabase, job: QueuedJob): Promise<void> {
  for (;;) {
    const added = await boss.insert(job.name, [insertFor(job)], { db, returnId: true });
    if (added !== null) return;
    // It may have been claimed since, and what claimed it may have read the state before us.
    if (await holdWaitingJob(boss, db, job)) return;
  }
}

/**
 * Holds the fresh job of this key until the caller's transaction ends, and pulls it forward if it
 * was to start later than this one. Returns false when none waits any more.
 */
async function holdWaitingJob(boss: PgBoss, db: JobDatabase, job: QueuedJob): Promise<boolean> {
  const { name } = job;
  const waiting = await boss.findJobs(name, { key: keyFor(job) ?? '', queued: true, db });
  const id = waiting.find(({ state }) => state === 'created')?.id;
  if (id === undefined) return false;
  // An update that changes nothing holds a waiting job. What it looks like is certain only then.
  await boss.update(name, undefined, { id, db });
  const [held] = await boss.findJobs(name, { id, db });
  if (held?.state !== 'created') return false;
  const startAfter = startAfterOf(job);
  if (isEarlier(startAfter, held)) {
    await boss.update(name, undefined, { id, startAfter: startAfter ?? 0, db });
  }
  return true;
}

/** By the database's clock: a job that need not wait starts when it was created. */
function isEarlier(
  startAfter: string | undefined,
  waiting: Pick<JobWithMetadata, 'createdOn' | 'startAfter'>,
): boolean {
  const start = startAfter === undefined ? waiting.createdOn.getTime() : Date.parse(startAfter);
  return start < waiting.startAfter.getTime();
}

function insertFor(job: QueuedJob): JobInsert {
  const key = keyFor(job);
  const startAfter = startAfterOf(job);
  return {
    data: storable(job.data),
    ...(key !== undefined && { singletonKey: key }),
    ...groupFor(job.name, key),
    ...(startAfter !== undefined && { startAfter }),
  };
}

/** A job's data are kept as jsonb, which is stricter than JSON. */
function storable(data: object): object {
  return JSON.parse(
    JSON.stringify(data, (_name, value: unknown) =>
      typeof value === 'string' ? storableText(value) : value,
    ),
  );
}
