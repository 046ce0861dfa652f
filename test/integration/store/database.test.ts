import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#src/store/database.ts';
import {
  DATABASE_KINDS,
  type DatabaseKind,
  type DatabasePlace,
  makePlace,
  silent,
} from '#test/support/database.ts';
import { spawnWorker } from '#test/support/spawn-worker.ts';
import { aStart, insert } from './a-run.ts';

let place: DatabasePlace;
afterEach(() => place.remove());

async function open(at: DatabasePlace) {
  return openDatabase({ ...at, log: silent });
}

async function make(kind: DatabaseKind): Promise<DatabasePlace> {
  place = await makePlace(kind);
  return place;
}

describe.each(DATABASE_KINDS)('opening a database on %s', (kind) => {
  it('migrates an empty one, and finds nothing to do the second time', async () => {
    await make(kind);
    const first = await open(place);
    await insert(first, aStart({ id: 'RSTAYS' }));
    await first.close();

    const second = await open(place);

    const runs = await second.db.selectFrom('runs').select('id').execute();
    await second.close();
    expect(runs).toEqual([{ id: 'RSTAYS' }]);
  });
});

it('migrates once when many processes start on one empty PostgreSQL', async () => {
  await make('postgres');

  const opened = await Promise.all(Array.from({ length: 8 }, () => open(place)));

  const migrations = await opened[0]?.db
    .selectFrom('sluice_migration' as 'runs')
    .select('name' as 'id')
    .execute();
  await Promise.all(opened.map((each) => each.close()));
  const names = migrations?.map((row) => Object.values(row)[0]);
  expect(names).toContain('0001-first');
  expect(new Set(names).size).toBe(names?.length);
});

it('says so when the database does not answer', async () => {
  await make('pglite');
  const opening = openDatabase({
    databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
    dataDir: place.dataDir,
    log: silent,
  });

  await expect(opening).rejects.toMatchObject({ code: 'migration-failed' });
});

describe('the embedded database', () => {
  it('serves one process at a time and says so to a second one', async () => {
    await make('pglite');
    const first = await open(place);

    const second = open(place);

    await expect(second).rejects.toMatchObject({ code: 'database-in-use' });
    await first.close();
    const third = await open(place);
    await third.close();
  });

  it('is free again when its process was killed', async () => {
    await make('pglite');
    const other = spawnWorker(place);
    await other.saw('ready');
    await expect(open(place)).rejects.toMatchObject({ code: 'database-in-use' });
    await other.end('SIGKILL');

    const database = await open(place);

    await database.close();
  });
});

describe('a connection to PostgreSQL that is lost in the middle of a transaction', () => {
  it('fails the transaction, and the process goes on', async () => {
    const database = await open(await make('postgres'));
    const { db } = database;

    const broken = db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(db);
      await sleep(200);
      await sql`select 1`.execute(trx);
    });

    await expect(broken).rejects.toThrow(/connection/i);
    const { rows } = await sql`select 1 as one`.execute(db);
    expect(rows).toEqual([{ one: 1 }]);
    await database.close();
  });
});
