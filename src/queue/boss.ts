import type { QueryResult } from 'pg';
import { fromKysely, fromPglite, type Db as JobDatabase, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { DatabaseHandle, ServerDatabase } from '../store/database.ts';
import { JOB_NAMES, JOB_SETTINGS, type JobName } from './jobs.ts';

/** Where pg-boss puts its tables; nobody but pg-boss touches them. */
const SCHEMA = 'pgboss';

const COMMON_SETTINGS = {
  retryBackoff: true,
  /** A worker that says nothing for so long has lost its jobs, even if it still has a connection. */
  heartbeatSeconds: 60,
  /** How long a job may wait before it is thrown away. */
  retentionSeconds: 365 * 86_400,
  /** How long one that failed for good can be looked at. */
  deleteAfterSeconds: 7 * 86_400,
  notify: true,
};

/**
 * An attempt more than the job is tried: a job can only be handed back while it has attempts left,
 * and one that is handed back at its last try must not be given up for that.
 */
const IN_RESERVE = 1;

/** Finds nothing. */
const NO_JOB = '00000000-0000-0000-0000-000000000000';

export interface Boss {
  readonly boss: PgBoss;
  readonly db: JobDatabase;
  /** What pg-boss wants to hear from the database by a connection that is not its own. */
  readonly subscriptions: readonly Subscription[];
  readonly transaction: <Result>(work: (db: JobDatabase) => Promise<Result>) => Promise<Result>;
}

export interface Subscription {
  readonly channel: string;
  heard(payload: string): void;
  /** Notifications may have been missed. */
  missed(): void;
}

/**
 * pg-boss keeps the jobs: their table, claims, retries with back-off, dead letters, expiry,
 * heartbeats, cron. Who holds a job is ours to know (`claims.ts`). `arrived` is told the name of a
 * queue that has something to do.
 */
export async function startBoss(
  database: DatabaseHandle,
  log: Logger,
  arrived: (name: string) => void,
): Promise<Boss> {
  const subscriptions: Subscription[] = [];
  const db = jobDatabase(database, arrived, subscriptions);
  const boss = new PgBoss({
    db,
    schema: SCHEMA,
    backend: database.dialect,
    useListenNotify: true,
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
  for (const name of ['dead-job', ...JOB_NAMES] as const) await createQueue(boss, name);
  return {
    boss,
    db,
    subscriptions,
    transaction: (work) => database.db.transaction().execute((trx) => work(fromKysely(trx))),
  };
}

async function createQueue(boss: PgBoss, name: JobName): Promise<void> {
  const { order, retryLimit, ...settings } = JOB_SETTINGS[name];
  const options = {
    ...settings,
    ...COMMON_SETTINGS,
    retryLimit: retryLimit + IN_RESERVE,
    ...(name === 'dead-job' ? {} : { deadLetter: 'dead-job' }),
  };
  // `short`: at most one fresh job per key waits.
  await boss.createQueue(name, {
    ...options,
    policy: order === 'coalesced' ? 'short' : 'standard',
  });
  // For a queue that an earlier version created with other settings.
  await boss.updateQueue(name, options);
  // It reads a queue's settings at their first use and on its own connection, for which a
  // transaction on the embedded database would wait for ever. So they are used once before.
  await boss.findJobs(name, { id: NO_JOB });
}

function jobDatabase(
  database: DatabaseHandle,
  arrived: (name: string) => void,
  subscriptions: Subscription[],
): JobDatabase {
  const executor = executorFor(database);
  return {
    executeSql: (text, values) => executor.executeSql(text, values),
    async listen(channel, heard, missed) {
      const tell = (name: string) => {
        heard(name);
        arrived(name);
      };
      if (executor.listen !== undefined) return executor.listen(channel, tell, missed);
      subscriptions.push({ channel, heard: tell, missed });
      return { close: () => Promise.resolve() };
    },
  };
}

function executorFor(database: DatabaseHandle): JobDatabase {
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
