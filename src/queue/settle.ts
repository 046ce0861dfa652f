import type { CommandResponse, Db as JobDatabase, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Boss } from './boss.ts';
import { groupFor, JOB_SETTINGS, type JobName } from './jobs.ts';

/** Together they name this attempt and no other: pg-boss counts with every claim. */
export interface JobClaim {
  readonly id: string;
  readonly retryCount: number;
}

/** What a job is given up with that was claimed again and again and never came to an end. */
const WORKER_DIED = { message: 'its worker died too often' };

export function attemptOf({ id, retryCount }: JobClaim): JobClaim {
  return { id, retryCount };
}

/** Its workers died so often that it is not tried again. */
export function isExhausted({ retryCount, retryLimit }: JobWithMetadata): boolean {
  return retryCount >= retryLimit;
}

/** Removes jobs that are done. One whose claim was lost meanwhile is somebody else's and stays. */
export async function finishJobs(
  boss: PgBoss,
  name: JobName,
  jobs: readonly JobWithMetadata[],
): Promise<void> {
  if (JOB_SETTINGS[name].order === 'coalesced') {
    // Earlier attempts that wait to be retried asked for what has been done just now. Nobody claims
    // them as long as these jobs are there.
    for (const { singletonKey } of jobs) await removeRetries(boss, name, singletonKey);
  }
  await boss.deleteJob(name, jobs.map(attemptOf));
}

async function removeRetries(boss: PgBoss, name: JobName, key: string | null): Promise<void> {
  if (key === null) return;
  const waiting = await boss.findJobs(name, { key, queued: true });
  const retries = waiting.filter(({ state }) => state === 'retry').map(({ id }) => id);
  if (retries.length > 0) await boss.deleteJob(name, retries);
}

/** Hands jobs back as if they had not been tried. */
export async function returnJobs(
  boss: PgBoss,
  db: JobDatabase,
  name: JobName,
  jobs: readonly JobWithMetadata[],
  delayMs: number,
): Promise<void> {
  const requeued = await requeue(boss, db, name, jobs.map(attemptOf));
  for (const { id, retryLimit, singletonKey } of jobs) {
    if (!requeued.has(id)) continue;
    await boss.update(name, undefined, {
      id,
      retryLimit: retryLimit + 1,
      startAfter: delayMs / 1_000,
      ...groupFor(name, singletonKey),
      db,
    });
  }
}

/** Takes jobs from who claimed them, as failed attempts, and returns the ids of those still theirs. */
export async function requeue(
  boss: PgBoss,
  db: JobDatabase,
  name: string,
  attempts: readonly JobClaim[],
): Promise<Set<string>> {
  if (attempts.length === 0) return new Set();
  return settledOf(await boss.fail(name, [...attempts], WORKER_DIED, { db }));
}

/** Has a job tried again after a pause, or gives it up when it has been tried often enough. */
export async function failJob(
  { boss, transaction }: Boss,
  name: JobName,
  job: JobWithMetadata,
  failure: unknown,
): Promise<void> {
  const output = describe(failure);
  const isLastTry = job.retryCount + 1 >= job.retryLimit;
  await transaction(async (db) => {
    const settled = settledOf(await boss.fail(name, [attemptOf(job)], output, { db }));
    if (!isLastTry || !settled.has(job.id)) return;
    // What is kept in reserve for handing it back is not for trying it.
    await boss.update(name, undefined, { id: job.id, retryLimit: job.retryCount, db });
    await boss.fail(name, job.id, output, { db });
  });
}

/** Ids of the jobs that a command found claimed as it was told; pg-boss does not declare them. */
export function settledOf(response: CommandResponse): Set<string> {
  const { settled = [] } = response as { readonly settled?: readonly string[] };
  return new Set(settled);
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  return { name: error.name, message: error.message.slice(0, 2_000) };
}
