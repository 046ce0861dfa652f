import { afterAll, beforeAll, expect, it } from 'vitest';
import { buryJob } from '#src/jobs/dead-job.ts';
import { findDelivery, insertDeliveries, settleDelivery } from '#src/store/deliveries.ts';
import { type Bench, openBench } from '../steps/bench.ts';

const AT = '2026-11-21T09:00:00.000Z';
let bench: Bench;

beforeAll(async () => {
  bench = await openBench({});
});

afterAll(() => bench.close());

async function deliver(guid: string): Promise<void> {
  const { db } = bench.deps.runs;
  const delivery = {
    guid,
    event: 'issues',
    action: 'labeled',
    installationId: 1,
    repositoryId: 1,
    payload: '{}',
    receivedAt: AT,
    status: 'received',
    reason: null,
  } as const;
  await db.transaction().execute((trx) => insertDeliveries(trx, [delivery]));
}

async function bury(guid: string): Promise<void> {
  const data = { name: 'handle-delivery', data: { guid }, error: 'its worker died too often' };
  const { signal } = new AbortController();
  await buryJob(bench.deps)({ id: '1', attempt: 1, data: data as never, signal });
}

it('shows a delivery as failed when its workers died too often', async () => {
  await deliver('poison');

  await bury('poison');

  expect(await findDelivery(bench.deps.runs.db, 'poison')).toMatchObject({
    status: 'failed',
    reason: 'its worker died too often',
    attempts: 1,
  });
});

it.each([
  ['handled', null],
  ['failed', 'GitHub was away'],
] as const)('leaves a delivery alone that is known to be %s', async (status, reason) => {
  await deliver(status);
  await settleDelivery(bench.deps.runs.db, status, { status, reason, at: AT });

  await bury(status);

  expect(await findDelivery(bench.deps.runs.db, status)).toMatchObject({ status, reason });
});
