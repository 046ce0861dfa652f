import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { Logger } from 'pino';
import { lockDirectory } from './directory-lock.ts';
import { migrate } from './migrate.ts';
import { PreparedPGlite } from './prepared-pglite.ts';
import type { Database, Tables } from './schema.ts';
import { keepVacuumed } from './vacuum.ts';

export interface DatabaseOptions {
  /** PostgreSQL; null for the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  /** `memory` keeps nothing. */
  readonly dataDir: string;
  readonly log: Logger;
  readonly poolSize?: number;
}

interface Handle {
  readonly db: Database;
  /** Closes every connection; the queue must be closed first. */
  close(): Promise<void>;
}
export interface EmbeddedDatabase extends Handle {
  readonly dialect: 'pglite';
  readonly pglite: PGlite;
}
export interface ServerDatabase extends Handle {
  readonly dialect: 'postgres';
  readonly pool: Pool;
  readonly databaseUrl: string;
}
export type DatabaseHandle = EmbeddedDatabase | ServerDatabase;

/** Opens the database and brings its tables up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<DatabaseHandle> {
  const handle =
    options.databaseUrl === null
      ? await openEmbedded(options)
      : openServer(options.databaseUrl, options);
  try {
    await migrate(handle.db);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
}

async function openEmbedded({ dataDir, log }: DatabaseOptions): Promise<EmbeddedDatabase> {
  if (dataDir === 'memory') return embedded(await PreparedPGlite.open(), log, () => undefined);
  const lock = lockDirectory(dataDir);
  try {
    const directory = join(dataDir, 'postgres');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return embedded(await PreparedPGlite.open(directory), log, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

function embedded(pglite: PGlite, log: Logger, release: () => void): EmbeddedDatabase {
  const stopVacuuming = keepVacuumed(pglite, log);
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  return {
    dialect: 'pglite',
    db,
    pglite,
    async close() {
      stopVacuuming();
      if (!pglite.closed) await pglite.close();
      release();
    },
  };
}

function openServer(databaseUrl: string, options: DatabaseOptions): ServerDatabase {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'sluice',
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 10_000,
    // A client that stops in the middle of a transaction must not hold a run for ever.
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    types: {
      // GitHub's ids are far below 2^53, and the embedded database returns numbers too.
      getTypeParser: (oid, format) =>
        oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format),
    },
  });
  // Without a listener, losing a connection would end the process: an idle one,
  pool.on('error', (error) =>
    options.log.warn({ err: error }, 'an idle database connection was lost'),
  );
  // or one in the middle of a transaction, whose next query fails and reports it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { dialect: 'postgres', db, pool, databaseUrl, close: () => db.destroy() };
}
