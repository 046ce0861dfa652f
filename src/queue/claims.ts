import type { Db as JobDatabase, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Boss } from './boss.ts';
import { JOB_SETTINGS, type JobName, type JobTable } from './jobs.ts';
import { attemptOf, type JobClaim, requeue, returnJobs } from './settle.ts';

export type ClaimedJob<Name extends JobName = JobName> = JobWithMetadata<JobTable[Name]>;

/** First key of the advisory locks; the second stands for the name of a queue. */
const LOCK_CLASS = 1_936_483_684;

/**
 * Takes up to `limit` due jobs and notes in the same transaction who holds them; a worker that was
 * declared dead fails to. Claims in `ended` are forgotten with it.
 */
export async function claimJobs<Name extends JobName>(
  { boss, transaction }: Boss,
  name: Name,
  limit: number,
  { worker, ended }: { readonly worker: number | null; readonly ended: readonly JobClaim[] },
): Promise<ClaimedJob<Name>[]> {
  return transaction(async (db) => {
    const jobs =
      JOB_SETTINGS[name].order === 'coalesced'
        ? await fetchCoalesced(boss, db, name, limit)
        : await boss.fetch<JobTable[Name]>(name, { batchSize: limit, includeMetadata: true, db });
    if (jobs.length > 0 || ended.length > 0) {
      await noteClaims(db, { name, worker, claimed: jobs.map(attemptOf), ended });
    }
    return jobs;
  });
}

/**
 * pg-boss does not fetch a job whose group is active, but two fetches at the same time do not see
 * each other's. So they go one after the other.
 */
async function fetchCoalesced<Name extends JobName>(
  boss: PgBoss,
  db: JobDatabase,
  name: Name,
  limit: number,
): Promise<ClaimedJob<Name>[]> {
  const lock = 'SELECT pg_advisory_xact_lock($1::integer, hashtext($2))';
  await db.executeSql(lock, [LOCK_CLASS, name]);
  const jobs = await boss.fetch<JobTable[Name]>(name, {
    batchSize: limit,
    includeMetadata: true,
    groupConcurrency: 1,
    db,
  });
  // Jobs of an earlier version have no group; they get theirs on the way back to the queue.
  const ungrouped = jobs.filter(({ singletonKey, groupId }) => singletonKey !== (groupId ?? null));
  if (ungrouped.length > 0) await returnJobs(boss, db, name, ungrouped, 0);
  return jobs.filter((job) => !ungrouped.includes(job));
}

interface Changes {
  readonly name: JobName;
  readonly worker: number | null;
  readonly claimed: readonly JobClaim[];
  readonly ended: readonly JobClaim[];
}

async function noteClaims(db: JobDatabase, { name, worker, claimed, ended }: Changes) {
  await db.executeSql(
    `WITH ended AS (
      DELETE FROM claims USING json_to_recordset($4::text::json) AS ended (id uuid, "retryCount" integer)
      WHERE claims.job = ended.id AND claims.attempt = ended."retryCount"
    )
    INSERT INTO claims (job, attempt, name, worker)
    SELECT id, "retryCount", $1, $2::integer
    FROM json_to_recordset($3::text::json) AS claimed (id uuid, "retryCount" integer)`,
    [name, worker, JSON.stringify(claimed), JSON.stringify(ended)],
  );
}

/** Forgets who held these jobs. Until then a claim that has ended does no harm: it matches nothing. */
export async function forgetClaims(
  db: JobDatabase,
  name: JobName,
  ended: readonly JobClaim[],
): Promise<void> {
  if (ended.length > 0) await noteClaims(db, { name, worker: null, claimed: [], ended });
}

/**
 * Requeues what nobody holds any more and returns how many jobs that were: claims lose their worker
 * when it is taken off the list. On the embedded database none ever has one, and it is whatever is
 * held when the process starts.
 */
export async function requeueLostJobs(boss: PgBoss, db: JobDatabase): Promise<number> {
  const { rows } = await db.executeSql(
    `WITH lost AS (DELETE FROM claims WHERE worker IS NULL RETURNING name, job, attempt)
    SELECT name, json_agg(json_build_object('id', job, 'retryCount', attempt)) AS attempts
    FROM lost GROUP BY name`,
  );
  let lost = 0;
  for (const { name, attempts } of rows) {
    const requeued = await requeue(boss, db, name, attempts);
    for (const id of requeued) await boss.update(name, undefined, { id, startAfter: 0, db });
    lost += requeued.size;
  }
  return lost;
}
