import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createRedeliverer } from '#src/inbox/redeliver.ts';
import { insertDeliveries } from '#src/store/deliveries.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';

const NOW = '2026-11-21T09:00:00.000Z';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const never = new AbortController().signal;

let database: TestDatabase;
let lost: { guid: string }[] = [];
let asked: string[] = [];
let now = NOW;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.remove());
beforeEach(() => {
  lost = [];
  asked = [];
  now = NOW;
});

function redeliverer(answer: 'asked' | 'gone' = 'asked') {
  return createRedeliverer({
    db: database.db,
    findLost: async (since) => {
      expect(Date.parse(now) - since.getTime()).toBe(3 * 24 * 60 * MINUTE);
      return lost;
    },
    redeliver: async ({ guid }) => {
      asked.push(guid);
      return answer;
    },
    now: () => now,
    log: silent,
  });
}

it('asks for what GitHub could not deliver and the inbox does not have', async () => {
  await database.db.transaction().execute((trx) =>
    insertDeliveries(trx, [
      {
        guid: 'arrived-but-answer-lost',
        event: 'issues',
        action: null,
        installationId: null,
        repositoryId: null,
        payload: '{}',
        receivedAt: NOW,
        status: 'received',
        reason: null,
      },
    ]),
  );
  lost = [{ guid: 'arrived-but-answer-lost' }, { guid: 'one' }, { guid: 'two' }];

  const redelivery = await redeliverer()(never);

  expect(redelivery.asked).toBe(2);
  expect(asked).toEqual(['one', 'two']);
});

it('looks again until what was lost has come, at growing distances', async () => {
  const redeliver = redeliverer();
  lost = [{ guid: 'refused' }];

  const pauses: number[] = [];
  for (;;) {
    const { lookAgainAt } = await redeliver(never);
    if (lookAgainAt === null) break;
    pauses.push(Date.parse(lookAgainAt) - Date.parse(now));
    now = lookAgainAt;
  }
  await redeliver(never);

  expect(pauses).toEqual([5 * SECOND, 30 * SECOND, 3 * MINUTE, 10 * MINUTE, 10 * MINUTE]);
  expect(asked).toHaveLength(6);
});

it('does not ask again before it is time', async () => {
  const redeliver = redeliverer();
  lost = [{ guid: 'early' }];
  const { lookAgainAt } = await redeliver(never);
  lost = [{ guid: 'early' }, { guid: 'late' }];

  const again = await redeliver(never);

  expect(asked).toEqual(['early', 'late']);
  expect(again.lookAgainAt).toBe(lookAgainAt);
});

it('has nothing to look for again when all has come', async () => {
  const redeliver = redeliverer();
  lost = [{ guid: 'comes' }];
  await redeliver(never);
  lost = [];

  expect(await redeliver(never)).toEqual({ asked: 0, lookAgainAt: null });
});

it('does not look again for what GitHub has forgotten', async () => {
  lost = [{ guid: 'forgotten' }];

  expect(await redeliverer('gone')(never)).toEqual({ asked: 0, lookAgainAt: null });
});

it('ends when it is told to, and leaves the rest for the next time', async () => {
  lost = [{ guid: 'one' }];

  const redelivery = await redeliverer()(AbortSignal.abort());

  expect({ ...redelivery, sent: asked }).toEqual({ asked: 0, lookAgainAt: NOW, sent: [] });
});
