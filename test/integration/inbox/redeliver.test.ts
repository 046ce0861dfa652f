import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createRedeliverer } from '#src/inbox/redeliver.ts';
import { insertDelivery } from '#src/store/deliveries.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';

const NOW = '2026-11-21T09:00:00.000Z';
const never = new AbortController().signal;

let database: TestDatabase;
let lost: { guid: string }[] = [];
let asked: string[] = [];
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.remove());
beforeEach(() => {
  lost = [];
  asked = [];
});

function redeliverer(answer: 'asked' | 'gone' = 'asked') {
  return createRedeliverer({
    db: database.db,
    findLost: async (since) => {
      expect(since.toISOString()).toBe('2026-11-18T09:00:00.000Z');
      return lost;
    },
    redeliver: async ({ guid }) => {
      asked.push(guid);
      return answer;
    },
    now: () => NOW,
    log: silent,
  });
}

it('asks for what GitHub could not deliver and the inbox does not have', async () => {
  await database.db.transaction().execute((trx) =>
    insertDelivery(trx, {
      guid: 'arrived-but-answer-lost',
      event: 'issues',
      action: null,
      installationId: null,
      repositoryId: null,
      payload: '{}',
      receivedAt: NOW,
      status: 'received',
      reason: null,
    }),
  );
  lost = [{ guid: 'arrived-but-answer-lost' }, { guid: 'one' }, { guid: 'two' }];

  const redelivered = await redeliverer()(never);

  expect(redelivered).toBe(2);
  expect(asked).toEqual(['one', 'two']);
});

it('stops asking for what is refused every time', async () => {
  const redeliver = redeliverer();
  lost = [{ guid: 'refused' }];

  for (let sweep = 0; sweep < 5; sweep += 1) await redeliver(never);

  expect(asked).toEqual(['refused', 'refused', 'refused']);
});

it('does not count what GitHub has forgotten', async () => {
  lost = [{ guid: 'forgotten' }];

  expect(await redeliverer('gone')(never)).toBe(0);
});

it('ends when it is told to', async () => {
  lost = [{ guid: 'one' }];

  const redelivered = await redeliverer()(AbortSignal.abort());

  expect({ redelivered, asked }).toEqual({ redelivered: 0, asked: [] });
});
