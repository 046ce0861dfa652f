import type { QueryResult } from 'pg';
import { fromPglite, type Db as JobDatabase, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { DatabaseHandle, ServerDatabase } from '../store/database.ts';
import { COMMON_SETTINGS, policyFor } from './job-insert.ts';
import { createUnfinishedIndex, SCHEMA } from './job-table.ts';
import { JOB_NAMES, JOB_SETTINGS, type JobName } from './jobs.ts';

/**
 * pg-boss keeps the jobs: their table, retries with back-off, dead letters, expiry, heartbeats,
 * cron. Claiming and finishing them is ours, because we record who holds a job (`job-table.ts`).
 */
export async function startBoss(database: DatabaseHandle, log: Logger): Promise<Boss> {
  const db = jobDatabase(database);
  const boss = new PgBoss({
    db,
    schema: SCHEMA,
    backend: database.dialect,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 20,
    maintenanceIntervalSeconds: 600,
    // Jobs do not depend on each other here; the engine knows what follows what.
    flowIntervalSeconds: 86_400,
    // Its checks of index bloat and vacuum are the operator's business, not this program's.
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', (error) => log.error({ err: error }, 'the job queue reported an error'));
  boss.on('warning', (warning) => log.warn({ warning }, 'the job queue reported a warning'));
  await boss.start();
  await createUnfinishedIndex(db);
  for (const name of ['dead-job', ...JOB_NAMES] as const) await createQueue(boss, name);
  return { boss, db };
}

export interface Boss {
  readonly boss: PgBoss;
  readonly db: JobDatabase;
}

async function createQueue(boss: PgBoss, name: JobName): Promise<void> {
  const { order, ...settings } = JOB_SETTINGS[name];
  const options = {
    ...settings,
    ...COMMON_SETTINGS,
    notify: true,
    ...(name === 'dead-job' ? {} : { deadLetter: 'dead-job' }),
  };
  await boss.createQueue(name, { ...options, policy: policyFor(order) });
  // For a queue that an earlier version created with other settings.
  await boss.updateQueue(name, options);
}

function jobDatabase(database: DatabaseHandle): JobDatabase {
  if (database.dialect === 'pglite') return fromPglite(database.pglite);
  return { executeSql: (text, values) => execute(database, text, values) };
}

async function execute(
  { pool }: ServerDatabase,
  text: string,
  values?: unknown[],
): Promise<{ rows: unknown[] }> {
  if (values !== undefined && values.length > 0) return pool.query(text, values);
  // Without values it may be a whole `BEGIN; …; COMMIT;`, which leaves a broken transaction behind.
  const client = await pool.connect();
  try {
    const results: QueryResult | QueryResult[] = await client.query(text);
    client.release();
    return { rows: [results].flat().flatMap(({ rows }) => rows) };
  } catch (error) {
    client.release(true);
    throw error;
  }
}
