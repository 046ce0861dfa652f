import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { receiveDelivery } from '#src/inbox/receive-delivery.ts';
import { closeQueue, openQueue, type Queue } from '#src/queue/queue.ts';
import { openDatabase } from '#src/store/database.ts';
import { findDelivery, settleDelivery } from '#src/store/deliveries.ts';
import {
  DATABASE_KINDS,
  makePlace,
  openTestDatabase,
  silent,
  type TestDatabase,
} from '#test/support/database.ts';
import { eventually } from '#test/support/eventually.ts';
import { leftOver } from '../queue/open-queue.ts';
import {
  announce,
  BODY,
  deliver,
  PATH,
  pour,
  type Receiver,
  SECRET,
  startReceiver,
} from './receiver.ts';

const MEGABYTE = 1024 * 1024;

describe.each(DATABASE_KINDS)('the webhook inbox on %s', (kind) => {
  let database: TestDatabase;
  let queue: Queue;
  let receiver: Receiver;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    queue = await openQueue({ database: database.handle, log: silent });
  });
  afterAll(async () => {
    await closeQueue(queue);
    await database.remove();
  });
  beforeEach(async () => {
    receiver = await startReceiver({ database, queue });
  });
  afterEach(async () => {
    await receiver.close();
    await database.db.deleteFrom('deliveries').execute();
    await queue.db.executeSql(`DELETE FROM pgboss.job WHERE name = 'handle-delivery'`);
  });

  async function stored(): Promise<number> {
    return (await database.db.selectFrom('deliveries').select('guid').execute()).length;
  }

  it('stores a delivery and queues its handling before it answers', async () => {
    const guid = randomUUID();

    const status = await deliver(receiver, { guid });

    expect(status).toBe(202);
    expect(await findDelivery(database.db, guid)).toMatchObject({
      guid,
      event: 'issues',
      action: 'labeled',
      installationId: 11,
      repositoryId: 22,
      payload: JSON.parse(BODY),
      status: 'received',
    });
    const [job] = await queue.boss.findJobs('handle-delivery');
    expect(job?.data).toEqual({ guid });
  });

  it('answers a second delivery of a GUID like the first and does nothing else', async () => {
    const guid = randomUUID();
    const together = Array.from({ length: 10 }, () => deliver(receiver, { guid }));
    const statuses = await Promise.all(together);

    statuses.push(await deliver(receiver, { guid: guid.toUpperCase() }));

    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(await stored()).toBe(1);
    expect(await leftOver(queue)).toEqual(['handle-delivery created']);
  });

  it('queues a delivery again whose handling failed, once', async () => {
    const guid = randomUUID();
    await deliver(receiver, { guid });
    const at = '2026-11-21T09:00:05.000Z';
    await settleDelivery(database.db, guid, { status: 'failed', reason: 'GitHub is away', at });
    await queue.db.executeSql(
      `UPDATE pgboss.job SET state = 'failed' WHERE name = 'handle-delivery'`,
    );

    await Promise.all(Array.from({ length: 5 }, () => deliver(receiver, { guid })));

    expect(await findDelivery(database.db, guid)).toMatchObject({ status: 'received' });
    expect(await leftOver(queue)).toEqual(['handle-delivery created', 'handle-delivery failed']);
  });

  it.each([
    ['waits to be tried again', 'retry', 'created'],
    ['is being tried', 'active', 'active'],
  ])('leaves one job for a failed delivery that %s', async (_what, before, after) => {
    const guid = randomUUID();
    await deliver(receiver, { guid });
    const at = '2026-11-21T09:00:05.000Z';
    await settleDelivery(database.db, guid, { status: 'failed', reason: 'GitHub is away', at });
    await queue.db.executeSql(
      `UPDATE pgboss.job SET state = '${before}' WHERE name = 'handle-delivery'`,
    );

    await deliver(receiver, { guid });

    expect(await leftOver(queue)).toEqual([`handle-delivery ${after}`]);
  });

  it('leaves a delivery alone that was handled', async () => {
    const guid = randomUUID();
    await deliver(receiver, { guid });
    const at = '2026-11-21T09:00:05.000Z';
    await settleDelivery(database.db, guid, { status: 'handled', reason: null, at });
    await queue.db.executeSql(`DELETE FROM pgboss.job WHERE name = 'handle-delivery'`);

    const status = await deliver(receiver, { guid });

    expect(status).toBe(202);
    expect(await leftOver(queue)).toEqual([]);
  });

  it('takes a burst and loses none of it', async () => {
    const statuses = await Promise.all(Array.from({ length: 200 }, () => deliver(receiver)));

    expect(statuses.filter((status) => status === 202)).toHaveLength(200);
    expect(await stored()).toBe(200);
    expect(await leftOver(queue)).toHaveLength(200);
  });

  it.each([
    ['no GUID', { guid: null }, 400],
    ['something else than a GUID', { guid: '../../etc/passwd' }, 400],
    ['no event', { event: null }, 400],
    ['an impossible event', { event: 'Issues; drop table' }, 400],
    ['no signature', { signature: null }, 401],
    ['an empty signature', { signature: '' }, 401],
    ['a signature with another secret', { secret: 'guessed' }, 401],
    ['the signature of another body', { signature: `sha256=${'0'.repeat(64)}` }, 401],
    ['an empty body', { body: '', signature: `sha256=${'0'.repeat(64)}` }, 401],
    ['a body that is no JSON', { body: 'payload=%7B%7D' }, 400],
    ['a body that is no object', { body: '[]' }, 400],
    ['another method', { method: 'GET' }, 405],
  ])('refuses %s', async (_what, delivery, expected) => {
    const status = await deliver(receiver, delivery);

    expect(status).toBe(expected);
    expect(await stored()).toBe(0);
    expect(await leftOver(queue)).toEqual([]);
  });

  it('refuses more than 25 MB, announced or not', async () => {
    const announced = await deliver(receiver, { body: ' '.repeat(25 * MEGABYTE + 1) });
    const poured = await pour(receiver, 26 * MEGABYTE);

    expect([announced, poured]).toEqual([413, 413]);
  });

  it('takes what is just small enough', async () => {
    const body = JSON.stringify({ action: 'opened', text: 'x'.repeat(24 * MEGABYTE) });

    expect(await deliver(receiver, { body })).toBe(202);
  });

  it('keeps no room for what is announced and does not come', async () => {
    const megabytes = [...Array.from({ length: 10 }, () => 25), 6];
    const requests = await Promise.all(
      megabytes.map((each) => announce(receiver, each * MEGABYTE)),
    );

    const statuses = [await deliver(receiver), await deliver(receiver)];

    for (const request of requests) request.destroy();
    expect(statuses).toEqual([202, 202]);
  });

  it('hangs up on a body of which nothing comes', async () => {
    const request = await announce(receiver, 100);

    const [response] = await once(request, 'response');

    request.destroy();
    expect(response.statusCode).toBe(408);
  });

  it('holds no more of unfinished bodies than it has room for', async () => {
    const most = Buffer.alloc(24 * MEGABYTE, ' ');
    const requests: ClientRequest[] = [];
    const answered: Promise<number>[] = [];
    for (let sent = 0; sent < 12; sent += 1) {
      const request = await announce(receiver, 25 * MEGABYTE);
      requests.push(request);
      answered.push(once(request, 'response').then(([response]) => response.statusCode));
      request.write(most);
    }

    const refused = await Promise.race(answered);

    for (const request of requests) request.destroy();
    expect(refused).toBe(503);
    await eventually('room again', async () => (await deliver(receiver)) === 202);
  });

  it('takes the old and the new secret while it is being changed', async () => {
    const rotating = await startReceiver({ database, queue, secrets: ['new', 'old'] });

    const statuses = [
      await deliver(rotating, { secret: 'new' }),
      await deliver(rotating, { secret: 'old' }),
      await deliver(rotating, { secret: SECRET }),
    ];

    await rotating.close();
    expect(statuses).toEqual([202, 202, 401]);
  });

  it('stores an event that nobody handles and leaves it alone', async () => {
    const guid = randomUUID();
    const handles = (event: string) => event === 'issues';
    const picky = await startReceiver({ database, queue, handles });

    const status = await deliver(picky, { guid, event: 'star' });

    await picky.close();
    expect(status).toBe(202);
    expect(await findDelivery(database.db, guid)).toMatchObject({ status: 'ignored' });
    expect(await leftOver(queue)).toEqual([]);
  });

  it('leaves other paths to others', async () => {
    const response = await fetch(receiver.url.replace(PATH, '/elsewhere'), { method: 'POST' });

    expect(response.status).toBe(404);
  });

  it.each([{ secrets: [] }, { secrets: [''] }, { secrets: ['good', ' '] }])(
    'does not start with the secrets $secrets',
    ({ secrets }) => {
      const start = () => receiveDelivery({ database, queue, log: silent, path: PATH, secrets });

      expect(start).toThrow('anybody could send webhooks');
    },
  );
});

it('answers 503 when the database is away, so that GitHub shows the delivery as failed', async () => {
  const place = await makePlace('postgres');
  const database = await openDatabase({ ...place, log: silent });
  const queue = await openQueue({ database, log: silent });
  const receiver = await startReceiver({ database, queue });
  await closeQueue(queue);
  await place.remove();

  const status = await deliver(receiver);

  await receiver.close();
  await database.close();
  expect(status).toBe(503);
});
