import type { ClientBase } from 'pg';
import type { PgBoss } from 'pg-boss';
import { requeueLostJobs } from './claims.ts';

/** First key of the advisory locks; the second is the worker's number. */
const LOCK_CLASS = 1_936_483_683;
/** A lost connection is reopened within this time, before its worker can be declared dead. */
const SUSPECT_AFTER = '2 seconds';
/** Holding the lock proves a connection, not a working process. */
const HOPELESS_AFTER = '60 seconds';

/** Adds this process to the list of workers. Others see it only once its lock is held. */
export async function joinWorkers(client: ClientBase, name: string): Promise<number> {
  await client.query('BEGIN');
  const { rows } = await client.query<{ id: number }>(
    'INSERT INTO workers (name) VALUES ($1) RETURNING id',
    [name],
  );
  const id = rows[0]?.id ?? 0;
  await client.query('SELECT pg_advisory_lock($1::integer, $2::integer)', [LOCK_CLASS, id]);
  await client.query('COMMIT');
  return id;
}

/** Takes the lock again on a new connection. */
export async function rejoinWorkers(client: ClientBase, id: number): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1::integer, $2::integer) AS locked',
    [LOCK_CLASS, id],
  );
  // The server has not noticed yet that the old connection is gone.
  if (rows[0]?.locked !== true) throw new Error('the old session still holds the lock');
}

export async function leaveWorkers(client: ClientBase, id: number): Promise<void> {
  await client.query('DELETE FROM workers WHERE id = $1', [id]);
}

export interface Beat {
  /** False: this worker was taken off the list. */
  readonly alive: boolean;
  /** Somebody on the list has not been heard from for a while. */
  readonly suspects: boolean;
}

export async function beat(client: ClientBase, id: number): Promise<Beat> {
  const { rows } = await client.query<Beat>(
    `WITH beat AS (UPDATE workers SET heartbeat_at = now() WHERE id = $1 RETURNING id)
    SELECT EXISTS (SELECT 1 FROM beat) AS alive,
      EXISTS (SELECT 1 FROM workers WHERE id <> $1 AND heartbeat_at < now() - interval '${SUSPECT_AFTER}')
        AS suspects`,
    [id],
  );
  return rows[0] ?? { alive: false, suspects: false };
}

/**
 * Takes dead workers off the list and requeues their jobs, in one transaction. A worker is dead if
 * it is silent and no longer holds its lock, which ends with the process, or if it is silent too
 * long.
 */
export async function removeDeadWorkers(
  client: ClientBase,
  boss: PgBoss,
  self: number | null,
): Promise<{ workers: number; jobs: number }> {
  await client.query('BEGIN');
  try {
    const { rowCount } = await client.query(
      `DELETE FROM workers WHERE id IN (
        SELECT id FROM workers
        WHERE id IS DISTINCT FROM $1::integer AND heartbeat_at < now() - interval '${SUSPECT_AFTER}'
          AND (heartbeat_at < now() - interval '${HOPELESS_AFTER}'
            OR pg_try_advisory_xact_lock($2::integer, id))
        FOR UPDATE SKIP LOCKED
      )`,
      [self, LOCK_CLASS],
    );
    const executor = {
      executeSql: (text: string, values?: unknown[]) => client.query(text, values),
    };
    const jobs = await requeueLostJobs(boss, executor);
    await client.query('COMMIT');
    return { workers: rowCount ?? 0, jobs };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
