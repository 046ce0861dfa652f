import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findDelivery,
  findKnownGuids,
  insertDeliveries,
  type NewDelivery,
  pruneDeliveries,
  settleDelivery,
} from '#src/store/deliveries.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '#test/support/database.ts';

describe.each(DATABASE_KINDS)('deliveries on %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(() => database.remove());

  function aDelivery(patch: Partial<NewDelivery> & { guid: string }): NewDelivery {
    return {
      event: 'issues',
      action: 'labeled',
      installationId: 12_345_678_901,
      repositoryId: 77,
      payload: '{"action":"labeled","text":"\\u0000"}',
      receivedAt: '2026-11-21T09:00:00.000Z',
      status: 'received',
      reason: null,
      ...patch,
    };
  }
  /** Whether it is to be handled. */
  const insert = async (delivery: NewDelivery): Promise<boolean> => {
    const { db } = database;
    const handled = await db.transaction().execute((trx) => insertDeliveries(trx, [delivery]));
    return handled.has(delivery.guid);
  };

  it('are stored as they came', async () => {
    const delivery = aDelivery({ guid: 'whole' });

    await insert(delivery);

    expect(await findDelivery(database.db, 'whole')).toEqual({
      ...delivery,
      payload: { action: 'labeled', text: '\0' },
      attempts: 0,
      handledAt: null,
    });
  });

  it('may be nested as deeply as anybody likes', async () => {
    const payload = `{"client_payload":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;

    await insert(aDelivery({ guid: 'deep', payload }));

    expect((await findDelivery(database.db, 'deep'))?.payload).toHaveProperty('client_payload');
  });

  it('are stored once', async () => {
    const first = await insert(aDelivery({ guid: 'twice' }));
    const second = await insert(aDelivery({ guid: 'twice', event: 'push' }));

    expect([first, second]).toEqual([true, false]);
    expect((await findDelivery(database.db, 'twice'))?.event).toBe('issues');
  });

  it('are stored together, each GUID once', async () => {
    const guids = ['a', 'b', 'a'];

    const added = await database.db.transaction().execute((trx) =>
      insertDeliveries(
        trx,
        guids.map((guid) => aDelivery({ guid })),
      ),
    );

    expect([...added.keys()].toSorted()).toEqual(['a', 'b']);
  });

  it('count their attempts until they are handled', async () => {
    await insert(aDelivery({ guid: 'tried' }));
    const at = '2026-11-21T09:00:05.000Z';

    await settleDelivery(database.db, 'tried', { status: 'failed', reason: 'no \0 luck', at });
    await settleDelivery(database.db, 'tried', { status: 'handled', reason: null, at });

    expect(await findDelivery(database.db, 'tried')).toMatchObject({
      status: 'handled',
      attempts: 2,
      handledAt: at,
    });
  });

  it('are known by their GUID', async () => {
    await insert(aDelivery({ guid: 'known' }));

    expect(await findKnownGuids(database.db, ['known', 'unknown'])).toEqual(new Set(['known']));
    expect(await findKnownGuids(database.db, [])).toEqual(new Set());
  });

  it('lose their payload with age and their row later, but never unhandled', async () => {
    const day = (number: number) => `2026-01-0${number}T00:00:00.000Z`;
    await insert(aDelivery({ guid: 'ancient', receivedAt: day(1) }));
    await insert(aDelivery({ guid: 'old', receivedAt: day(3) }));
    await insert(aDelivery({ guid: 'waiting', receivedAt: day(3) }));
    await insert(aDelivery({ guid: 'recent', receivedAt: day(5) }));
    for (const guid of ['ancient', 'old', 'recent']) {
      await settleDelivery(database.db, guid, { status: 'handled', reason: null, at: day(5) });
    }

    const pruned = await pruneDeliveries(database.db, { payloads: day(4), rows: day(2) });

    const payload = async (guid: string) => (await findDelivery(database.db, guid))?.payload;
    expect(pruned).toEqual({ rows: 1, payloads: 1 });
    expect(await findDelivery(database.db, 'ancient')).toBeUndefined();
    expect(await payload('old')).toBeNull();
    expect(await payload('waiting')).not.toBeNull();
    expect(await payload('recent')).not.toBeNull();
  });
});
