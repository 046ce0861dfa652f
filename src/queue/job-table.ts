import { createHash } from 'node:crypto';
import type { Db as JobDatabase } from 'pg-boss';
import { JOB_NAMES, JOB_SETTINGS, type JobName, type JobTable } from './jobs.ts';

/**
 * Our statements on pg-boss's job table are in this file and in `job-insert.ts`, and only for the
 * pinned version. pg-boss can claim jobs too, but it does not record by whom, and then a dead
 * worker's jobs could only be found by waiting for a time-out.
 */
export const SCHEMA = 'pgboss';
export const TABLE = `${SCHEMA}.job_common`;

/** Where pg-boss announces that a queue, named in the payload, has something to do. */
export const JOBS_CHANNEL = `pgboss_${createHash('sha224').update(SCHEMA).digest('hex').slice(0, 24)}`;
export const STOPS_CHANNEL = 'sluice_stops';

export interface ClaimedJob<Name extends JobName = JobName> {
  readonly id: string;
  readonly data: JobTable[Name];
  /** Grows with every claim: with the id, it identifies exactly this attempt. */
  readonly retryCount: number;
  readonly key: string | null;
  /** Its workers died so often that it is not tried again. */
  readonly exhausted: boolean;
}
export type Attempt = Pick<ClaimedJob, 'id' | 'retryCount'>;

/** Finds unfinished jobs by key, for coalescing and withdrawing. */
export async function createUnfinishedIndex(db: JobDatabase): Promise<void> {
  await db.executeSql(
    `CREATE INDEX IF NOT EXISTS sluice_job_unfinished ON ${TABLE} (name, singleton_key)
      WHERE state < 'completed'`,
  );
}

/** Takes up to `limit` due jobs. A worker that was declared dead gets none. */
export async function claimJobs<Name extends JobName>(
  db: JobDatabase,
  name: Name,
  limit: number,
  worker: number | null,
): Promise<ClaimedJob<Name>[]> {
  const { rows } = await db.executeSql(claimStatement(name, worker), [limit]);
  return rows.map((row) => ({
    id: row.id,
    data:
      name === 'dead-job'
        ? { name: row.source_name, data: row.data, error: errorText(row.source_output) }
        : row.data,
    retryCount: row.retry_count,
    key: row.singleton_key,
    exhausted: row.retry_count > row.retry_limit,
  }));
}

function claimStatement(name: JobName, worker: number | null): string {
  const number = worker ?? 'NULL';
  const alive = `AND EXISTS (SELECT 1 FROM workers WHERE id = ${number})`;
  return `
    WITH next AS (
      SELECT j.id FROM ${TABLE} j
      WHERE j.name = '${name}' AND j.state < 'active' AND NOT j.blocked AND j.start_after <= now()
        ${worker === null ? '' : alive}
        ${JOB_SETTINGS[name].order === 'coalesced' ? `AND NOT EXISTS (${rivals(name)})` : ''}
      ORDER BY j.priority DESC, j.created_on
      LIMIT $1::integer
      FOR UPDATE OF j SKIP LOCKED
    )
    UPDATE ${TABLE} j SET
      state = 'active',
      started_on = now(),
      heartbeat_on = now(),
      retry_count = CASE WHEN j.started_on IS NULL THEN j.retry_count ELSE j.retry_count + 1 END,
      output = jsonb_build_object('worker', ${number})
    FROM next
    WHERE j.name = '${name}' AND j.id = next.id
    RETURNING j.id, j.data, j.retry_count, j.retry_limit, j.singleton_key, j.source_name, j.source_output`;
}

/**
 * What keeps a coalesced job waiting: a job of its key is running, or another one goes first.
 * A fresh job goes before a retried one, and no two may be due and allowed at the same time.
 */
function rivals(name: JobName): string {
  return `
    SELECT 1 FROM ${TABLE} o
    WHERE o.name = '${name}' AND o.singleton_key = j.singleton_key AND o.id <> j.id
      AND o.state < 'completed'
      AND (o.state = 'active' OR j.state = 'retry' AND o.start_after <= now()
        AND (o.state = 'created' OR o.state = 'retry' AND o.id < j.id))`;
}

/** Removes finished jobs. If a claim was lost meanwhile, the job is somebody else's and stays. */
export async function finishJobs(
  db: JobDatabase,
  name: JobName,
  jobs: readonly ClaimedJob[],
): Promise<void> {
  if (JOB_SETTINGS[name].order === 'independent') {
    await db.executeSql(`DELETE FROM ${TABLE} WHERE ${FENCED}`, fence(name, jobs));
    return;
  }
  // Earlier attempts waiting for a retry asked for what has just been done.
  await db.executeSql(
    `DELETE FROM ${TABLE} WHERE ${FENCED}
      OR (name = $1 AND state = 'retry' AND singleton_key = ANY($4::text[]))`,
    [...fence(name, jobs), jobs.map((job) => job.key)],
  );
}

/** Hands jobs back as if they had not been tried. */
export async function returnJobs(
  db: JobDatabase,
  name: JobName,
  jobs: readonly Attempt[],
  delayMs: number,
): Promise<void> {
  await db.executeSql(
    `WITH returned AS (
      UPDATE ${TABLE} SET
        state = 'retry',
        start_after = now() + $4::double precision * interval '1 millisecond',
        retry_limit = retry_limit + 1,
        heartbeat_on = NULL,
        output = NULL
      WHERE ${FENCED}
      RETURNING start_after
    )
    SELECT pg_notify('${JOBS_CHANNEL}', $1) FROM returned WHERE start_after <= now() LIMIT 1`,
    [...fence(name, jobs), delayMs],
  );
}

/**
 * Requeues what dead workers held and returns the number of jobs. On the embedded database, that is
 * whatever is held when the process starts.
 */
export async function requeueLostJobs(
  db: JobDatabase,
  scope: 'everything' | 'of-missing-workers',
): Promise<number> {
  const lost =
    scope === 'everything'
      ? 'true'
      : `NOT EXISTS (SELECT 1 FROM workers WHERE id = (output->>'worker')::integer)`;
  const { rows } = await db.executeSql(
    `WITH requeued AS (
      UPDATE ${TABLE} SET state = 'retry', start_after = now(), heartbeat_on = NULL, output = NULL
      WHERE name = ANY($1::text[]) AND state = 'active' AND ${lost}
      RETURNING name
    )
    SELECT pg_notify('${JOBS_CHANNEL}', name), count(*)::integer AS jobs FROM requeued GROUP BY name`,
    [JOB_NAMES],
  );
  return rows.reduce((sum, row) => sum + row.jobs, 0);
}

const FENCED = `name = $1 AND id = ANY($2::uuid[]) AND state = 'active'
  AND (id::text || ':' || retry_count::text) = ANY($3::text[])`;

function fence(name: JobName, jobs: readonly Attempt[]): unknown[] {
  return [name, jobs.map((job) => job.id), jobs.map((job) => `${job.id}:${job.retryCount}`)];
}

function errorText(output: unknown): string {
  const error = memberOf(output, 'value') ?? output;
  const message = memberOf(error, 'message');
  return typeof message === 'string' ? message : JSON.stringify(output);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
