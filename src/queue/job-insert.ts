import type { Db as JobDatabase } from 'pg-boss';
import { storableText } from '../store/storable-text.ts';
import { JOBS_CHANNEL, STOPS_CHANNEL, TABLE } from './job-table.ts';
import { JOB_SETTINGS, type JobName, keyFor, type NodeAttempt, type QueuedJob } from './jobs.ts';

/** What pg-boss does with our jobs, besides the settings of each kind. */
export const COMMON_SETTINGS = {
  retryBackoff: true,
  /** A worker silent for this long has lost its jobs, even if it still has a connection. */
  heartbeatSeconds: 60,
  /** How long a job may wait before it is discarded. */
  retentionSeconds: 365 * 86_400,
  /** How long a job that failed permanently remains visible. */
  deleteAfterSeconds: 7 * 86_400,
};

/** Inserts jobs of one name and returns how many of them are new. */
export async function insertJobs(
  db: JobDatabase,
  name: QueuedJob['name'],
  jobs: readonly QueuedJob[],
): Promise<number> {
  const { rows } = await db.executeSql(insertStatement(name), [JSON.stringify(jobs.map(rowFor))]);
  return rows[0]?.inserted ?? 0;
}

/** pg-boss can insert jobs too, with a general-purpose statement that takes three times as long. */
function insertStatement(name: QueuedJob['name']): string {
  const { order, retryLimit, retryDelay, retryDelayMax, expireInSeconds } = JOB_SETTINGS[name];
  const { retryBackoff, heartbeatSeconds, retentionSeconds, deleteAfterSeconds } = COMMON_SETTINGS;
  return `
    WITH inserted AS (
      INSERT INTO ${TABLE} (
        name, data, singleton_key, start_after, keep_until, policy, dead_letter, retry_limit,
        retry_delay, retry_delay_max, retry_backoff, expire_seconds, deletion_seconds,
        heartbeat_seconds
      )
      SELECT
        '${name}', data, key, coalesce(at, now()),
        coalesce(at, now()) + interval '${retentionSeconds} seconds', '${policyFor(order)}',
        'dead-job', ${retryLimit}, ${retryDelay}, ${retryDelayMax}, ${retryBackoff},
        ${expireInSeconds}, ${deleteAfterSeconds}, ${heartbeatSeconds}
      FROM json_to_recordset($1::text::json) AS job (data jsonb, key text, at timestamptz)
      ON CONFLICT DO NOTHING
      RETURNING start_after
    ), notified AS (
      SELECT pg_notify('${JOBS_CHANNEL}', '${name}') FROM inserted
      WHERE start_after <= now() LIMIT 1
    )
    SELECT count(*)::integer AS inserted, (SELECT count(*) FROM notified) FROM inserted`;
}

/** `short`: at most one fresh job per key waits. */
export function policyFor(order: 'independent' | 'coalesced'): 'standard' | 'short' {
  return order === 'coalesced' ? 'short' : 'standard';
}

/** When a job is due, if not at once. */
export function startAfterOf(job: QueuedJob): string | undefined {
  return job.startAfter ?? (job.name === 'fire-timer' ? job.data.at : undefined);
}

function rowFor(job: QueuedJob): object {
  return { data: storable(job.data), key: keyFor(job), at: startAfterOf(job) };
}

/** A job's data is kept as jsonb, which is stricter than JSON. */
function storable(data: object): object {
  return JSON.parse(
    JSON.stringify(data, (_name, value: unknown) =>
      typeof value === 'string' ? storableText(value) : value,
    ),
  );
}

/**
 * Moves a waiting job of this key up and locks it until the caller's transaction ends, so that it
 * cannot start before the caller's change is visible. Returns false if none is waiting any more.
 */
export async function holdWaitingJob(
  db: JobDatabase,
  name: JobName,
  key: string,
  startAfter: string | undefined,
): Promise<boolean> {
  const { rows } = await db.executeSql(
    `WITH waiting AS (
      UPDATE ${TABLE} SET start_after = LEAST(start_after, COALESCE($3::timestamptz, now()))
      WHERE name = $1 AND singleton_key = $2 AND state = 'created'
      RETURNING start_after
    )
    SELECT CASE WHEN start_after <= now() THEN pg_notify('${JOBS_CHANNEL}', $1) IS NULL END FROM waiting`,
    [name, key, startAfter ?? null],
  );
  return rows.length > 0;
}

/** Takes a node's attempt out of the queue, waiting or running, and tells whoever is running it. */
export async function withdrawAttempt(db: JobDatabase, attempt: NodeAttempt): Promise<void> {
  await db.executeSql(
    `WITH withdrawn AS (
      DELETE FROM ${TABLE}
      WHERE name = 'execute-node' AND singleton_key = $1 AND state < 'completed' AND data @> $2::text::jsonb
      RETURNING id
    )
    SELECT pg_notify('${STOPS_CHANNEL}', $2::text), count(*) FROM withdrawn`,
    [attempt.runId, JSON.stringify(attempt)],
  );
}

/** Takes waiting attempts at these deliveries out of the queue and returns those being handled. */
export async function withdrawDeliveries(
  db: JobDatabase,
  guids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.executeSql(
    `WITH withdrawn AS (
      DELETE FROM ${TABLE}
      WHERE name = 'handle-delivery' AND state < 'active' AND data->>'guid' = ANY($1::text[])
    )
    SELECT data->>'guid' AS guid FROM ${TABLE}
    WHERE name = 'handle-delivery' AND state = 'active' AND data->>'guid' = ANY($1::text[])`,
    [guids],
  );
  return new Set(rows.map((row) => row.guid));
}
