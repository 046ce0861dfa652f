import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countAsking, pruneAskings } from '#src/store/askings.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '#test/support/database.ts';

const HOUR_MS = 3_600_000;

describe.each(DATABASE_KINDS)('what people asked for, on %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(() => database.remove());

  const ask = (key: string, at: string, login = 'Rita', repositoryId = 1) =>
    countAsking(
      database.handle.db,
      { key, repositoryId, login, at: `2026-11-21T${at}.000Z` },
      HOUR_MS,
    );

  it('is counted for each person and repository, within the time, and once for each command', async () => {
    const counts = [
      await ask('a', '09:00:00'),
      await ask('b', '09:30:00'),
      await ask('b', '09:31:00'),
      await ask('c', '09:30:00', 'rita'),
      await ask('d', '09:30:00', 'tess'),
      await ask('e', '09:30:00', 'rita', 2),
      await ask('f', '10:00:00'),
      await ask('b', '10:00:01'),
    ];

    expect(counts).toEqual([1, 2, 2, 3, 1, 1, 3, 2]);
  });

  it('is forgotten after a while', async () => {
    await ask('old', '01:00:00', 'olga');
    await ask('new', '12:00:00', 'olga');

    await pruneAskings(database.handle.db, '2026-11-21T11:59:00.000Z');

    expect(await ask('again', '12:00:01', 'olga')).toBe(2);
    expect(await ask('old', '01:00:00', 'olga')).toBe(1);
  });
});
