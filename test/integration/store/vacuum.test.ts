import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockRun, saveRun } from '#src/store/runs.ts';
import { vacuum } from '#src/store/vacuum.ts';
import { openTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { aStart, insert, NOW } from './a-run.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
  await insert(database.handle, aStart({ id: 'RGROWS' }));
});
afterAll(() => database.remove());

/** Text that does not compress, so that it takes the room it seems to. */
function noise(): string {
  return Array.from({ length: 1_000 }, () => Math.random().toString(36).slice(2)).join('');
}

async function saveAgain(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await database.db.transaction().execute(async (trx) => {
      const { run } = await lockRun(trx, 'RGROWS');
      await saveRun(trx, { ...run, params: { noise: noise() } }, NOW);
    });
  }
}

async function bytes(): Promise<number> {
  if (database.handle.dialect !== 'pglite') throw new Error('not embedded');
  const { rows } = await database.handle.pglite.query<{ size: number }>(
    `SELECT pg_total_relation_size('runs') AS size`,
  );
  return rows[0]?.size ?? 0;
}

it('keeps an embedded database from growing with every saved state', async () => {
  if (database.handle.dialect !== 'pglite') throw new Error('not embedded');
  await saveAgain(100);

  const vacuumed = await vacuum(database.handle.pglite);

  const before = await bytes();
  await saveAgain(80);
  expect(vacuumed).toContain('public.runs');
  expect(await bytes()).toBeLessThan(before * 1.1);
});
