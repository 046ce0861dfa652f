import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteSigns, listSigns, upsertSign } from '#src/store/signs-of-life.ts';
import { aStart, insert, NOW } from '#test/integration/store/a-run.ts';
import { openTestDatabase, type TestDatabase } from '#test/support/database.ts';

describe.each(['pglite', 'postgres'] as const)('signs of life on %s', (dialect) => {
  let database: TestDatabase;
  const LATER = '2026-11-21T09:20:00.000Z';
  const sign = { node: 'build', visit: 1, attempt: 2, at: NOW, quiet: false };

  beforeAll(async () => {
    database = await openTestDatabase(dialect);
    for (const id of ['a', 'b', 'c']) await insert(database.handle, aStart({ id }));
  });
  afterAll(() => database.remove());

  it('keep the last one of each step', async () => {
    await upsertSign(database.db, 'a', sign);
    await upsertSign(database.db, 'a', { ...sign, node: 'test' });
    await upsertSign(database.db, 'a', { ...sign, at: LATER, quiet: true });

    const signs = await listSigns(database.db, 'a');
    expect(signs.toSorted((one, other) => (one.node < other.node ? -1 : 1))).toEqual([
      { ...sign, at: LATER, quiet: true },
      { ...sign, node: 'test' },
    ]);
  });

  it('ignore a worker whose attempt was given to another one', async () => {
    await upsertSign(database.db, 'b', sign);
    await upsertSign(database.db, 'b', { ...sign, attempt: 1, at: LATER, quiet: true });
    expect(await listSigns(database.db, 'b')).toEqual([sign]);

    await upsertSign(database.db, 'b', { ...sign, visit: 2, attempt: 1 });
    expect(await listSigns(database.db, 'b')).toEqual([{ ...sign, visit: 2, attempt: 1 }]);
  });

  it('are gone with the run they are of', async () => {
    await upsertSign(database.db, 'c', sign);

    await deleteSigns(database.db, 'c');

    expect(await listSigns(database.db, 'c')).toEqual([]);
    expect(await listSigns(database.db, 'a')).toHaveLength(2);
  });
});
