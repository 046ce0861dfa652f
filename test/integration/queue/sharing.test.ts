import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enqueue, work } from '#src/queue/queue.ts';
import { type DatabaseHandle, openDatabase } from '#src/store/database.ts';
import { silent } from '#test/support/database.ts';
import { eventually } from '#test/support/eventually.ts';
import { startPostgres, type TestPostgres } from '#test/support/postgres.ts';
import { attemptAt, executeNode, leftOver, openTestQueue, type TestQueue } from './open-queue.ts';

describe('two queues on one PostgreSQL', () => {
  let postgres: TestPostgres;
  let databaseUrl: string;
  const databases: DatabaseHandle[] = [];
  const queues: TestQueue[] = [];
  let one: TestQueue;
  let two: TestQueue;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    databaseUrl = await postgres.createDatabase();
    [one, two] = [await open(), await open()];
  });
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.close();
    for (const database of databases.splice(0)) await database.close();
  });

  async function open(): Promise<TestQueue> {
    const database = await openDatabase({ databaseUrl, dataDir: 'memory', log: silent });
    databases.push(database);
    const queue = await openTestQueue(database);
    queues.push(queue);
    return queue;
  }

  function dataOf(index: number) {
    const database = databases[index];
    if (database === undefined) throw new Error('not open');
    return database.db;
  }

  const isEmpty = () =>
    eventually('the queue is empty', async () => (await leftOver(one.queue)).length === 0);

  it('share the jobs and do each once', async () => {
    const seen: string[] = [];
    for (const { queue } of [one, two]) {
      work(queue, 'execute-node', { concurrency: 4 }, async ({ data }) => {
        seen.push(data.node);
        await sleep(1);
      });
    }
    const nodes = Array.from({ length: 200 }, (_, index) => `n${index}`);

    for (const node of nodes) await one.add(executeNode(node));

    await isEmpty();
    expect(seen.toSorted()).toEqual(nodes.toSorted());
  });

  it('never do a coalesced job of one key at the same time', async () => {
    let active = 0;
    let most = 0;
    let calls = 0;
    for (const { queue } of [one, two]) {
      work(queue, 'publish-run', { concurrency: 4 }, async () => {
        active += 1;
        calls += 1;
        most = Math.max(most, active);
        await sleep(5);
        active -= 1;
        if (calls % 3 === 0) throw new Error('GitHub is away');
      });
    }

    for (let times = 0; times < 60; times += 1) {
      await one.add({ name: 'publish-run', data: { runId: 'RSHARED' } });
      await sleep(3);
    }

    await isEmpty();
    expect(most).toBe(1);
  });

  it('do not start a waiting coalesced job before the change that asks for it again is visible', async () => {
    const publish = { name: 'publish-run', data: { runId: 'RCHANGED' } } as const;
    await sql`create table seen (value integer)`.execute(dataOf(0));
    const read: number[] = [];
    await one.add(publish);

    await dataOf(0)
      .transaction()
      .execute(async (trx) => {
        await sql`insert into seen values (1)`.execute(trx);
        await enqueue(one.queue, trx, publish);
        work(two.queue, 'publish-run', { concurrency: 1 }, async () => {
          const { rows } = await sql`select value from seen`.execute(dataOf(1));
          read.push(rows.length);
        });
        await sleep(200);
      });

    await isEmpty();
    expect(read).toEqual([1]);
  });

  it('stop an attempt that runs in the other process', async () => {
    const reasons: string[] = [];
    work(two.queue, 'execute-node', { concurrency: 1 }, async ({ signal }) => {
      reasons.push('start');
      await once(signal, 'abort');
      reasons.push(signal.reason.code);
      throw signal.reason;
    });
    await one.add(executeNode('long'));
    await eventually('it runs', () => reasons.length > 0);

    await one.add({ name: 'stop-node', data: attemptAt('long') });

    await eventually('it was interrupted', () => reasons.length > 1);
    expect(reasons).toEqual(['start', 'job-stopped']);
    await isEmpty();
  });

  it('interrupt a worker that was taken for dead, and ignore what it still reports', async () => {
    const log: string[] = [];
    let release = (): void => {};
    work(one.queue, 'execute-node', { concurrency: 1 }, async ({ signal, attempt }) => {
      log.push(`one starts ${attempt}`);
      await once(signal, 'abort');
      log.push(signal.reason.code);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await one.add(executeNode('slow'));
    await eventually('it runs', () => log.length > 0);
    const ended = new Promise<void>((resolve) => {
      work(two.queue, 'execute-node', { concurrency: 1 }, async ({ attempt }) => {
        log.push(`two starts ${attempt}`);
        await eventually('the first was told', () => log.includes('job-lost'));
        release();
        await sleep(100);
        resolve();
      });
    });

    await takeForDead(one);

    await ended;
    await isEmpty();
    expect(log.toSorted()).toEqual(['job-lost', 'one starts 1', 'two starts 2']);
  });

  it('keep a job with its worker while only the connections are lost', async () => {
    const log: string[] = [];
    work(one.queue, 'execute-node', { concurrency: 2 }, async ({ data, signal, attempt }) => {
      log.push(`${data.node} ${attempt}`);
      if (data.node === 'long') await once(signal, 'abort');
    });
    await one.add(executeNode('long'));
    await eventually('it runs', () => log.length > 0);

    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
      .execute(dataOf(1))
      .catch(() => undefined);

    await eventually('the queue works again', async () => {
      await one.add(executeNode('after'));
      return true;
    });
    await eventually('the next job is done', () => log.includes('after 1'));
    await sleep(3_500);
    expect(log).toEqual(['long 1', 'after 1']);
  });

  it('take nobody for dead while others may still be looking for the database', async () => {
    const ghosts = async () => {
      const { rows } = await sql`select 1 from workers where name = 'ghost'`.execute(dataOf(1));
      return rows.length;
    };
    const hasBeaten = async (since: string) => {
      const { rows } = await sql`select 1 from workers where id = ${two.queue.session.worker}
        and heartbeat_at > ${since}::timestamptz + interval '2 seconds'`.execute(dataOf(1));
      return rows.length > 0;
    };
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
      .execute(dataOf(1))
      .catch(() => undefined);
    const { rows } = await eventually('the database again', () =>
      sql<{ at: string }>`insert into workers (name, heartbeat_at)
        values ('ghost', now() - interval '10 seconds') returning now()::text as at`.execute(
        dataOf(1),
      ),
    );

    await eventually('signs of life after it', () => hasBeaten(rows[0]?.at ?? ''));

    expect(await ghosts()).toBe(1);
    await eventually('the ghost is gone', async () => (await ghosts()) === 0);
  });

  /** What another worker does when this one has been silent for too long. */
  async function takeForDead({ queue }: TestQueue): Promise<void> {
    const id = queue.session.worker ?? 0;
    await sql`delete from workers where id = ${id}`.execute(dataOf(1));
    await sql`insert into workers (name, heartbeat_at) values ('ghost', now() - interval '1 hour')`.execute(
      dataOf(1),
    );
  }
});
