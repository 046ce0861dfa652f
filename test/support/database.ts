import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type DatabaseHandle, openDatabase } from '#src/store/database.ts';
import { prepareDataDir } from './pglite-template.ts';
import { startPostgres } from './postgres.ts';

export const DATABASE_KINDS = ['pglite', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

/** An empty place for a database, which outlives the processes that open it. */
export interface DatabasePlace {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  remove(): Promise<void>;
}

export interface TestDatabase extends DatabasePlace {
  readonly handle: DatabaseHandle;
  readonly db: DatabaseHandle['db'];
}

export const silent = pino({ level: 'silent' });

export async function makePlace(kind: DatabaseKind): Promise<DatabasePlace> {
  if (kind === 'pglite') {
    const dataDir = await mkdtemp(join(tmpdir(), 'pglite-'));
    await prepareDataDir(dataDir);
    const remove = () => rm(dataDir, { recursive: true, force: true });
    return { databaseUrl: null, dataDir, remove };
  }
  const postgres = await startPostgres();
  return {
    databaseUrl: await postgres.createDatabase(),
    dataDir: 'memory',
    remove: () => postgres.stop(),
  };
}

/** Opens a fresh migrated database; `remove` closes it too. */
export async function openTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const place = await makePlace(kind);
  const handle = await openDatabase({ ...place, log: silent });
  return {
    ...place,
    handle,
    db: handle.db,
    async remove() {
      await handle.close();
      await place.remove();
    },
  };
}
