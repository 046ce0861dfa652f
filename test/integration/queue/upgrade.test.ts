import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { work } from '#src/queue/queue.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { eventually } from '#test/support/eventually.ts';
import { attemptAt, leftOver, openTestQueue, type TestQueue } from './open-queue.ts';

/** Jobs as version 0.1 wrote them: with settings of their own, and without a group. */
interface OldJob {
  readonly name: string;
  readonly data: object;
  readonly key?: string;
  readonly policy?: 'standard' | 'short';
  readonly state?: 'created' | 'retry';
  readonly retryLimit: number;
}

describe.each(DATABASE_KINDS)('jobs that an earlier version left behind on %s', (kind) => {
  let database: TestDatabase;
  let test: TestQueue;
  beforeEach(async () => {
    database = await openTestDatabase(kind);
    test = await openTestQueue(database.handle);
  });
  afterEach(async () => {
    await test.close();
    await database.remove();
  });

  async function leave(...jobs: readonly OldJob[]): Promise<void> {
    for (const { name, data, key, policy = 'standard', state = 'created', retryLimit } of jobs) {
      await test.queue.db.executeSql(
        `INSERT INTO pgboss.job_common (
          name, data, singleton_key, start_after, keep_until, policy, dead_letter, retry_limit,
          retry_delay, retry_delay_max, retry_backoff, expire_seconds, deletion_seconds,
          heartbeat_seconds, state, started_on
        ) VALUES ($1, $2::text::jsonb, $3, now(), now() + interval '1 year', $4, 'dead-job', $5,
          1, 300, true, 900, 604800, 60, $6::text::pgboss.job_state, CASE WHEN $6 = 'retry' THEN now() END)`,
        [name, JSON.stringify(data), key ?? null, policy, retryLimit, state],
      );
    }
  }

  const isEmpty = () =>
    eventually('the queue is empty', async () => (await leftOver(test.queue)).length === 0);

  it('are done', async () => {
    const done: string[] = [];
    await leave(
      { name: 'execute-node', data: attemptAt('plan'), key: 'RTEST', retryLimit: 5 },
      {
        name: 'execute-node',
        data: attemptAt('built'),
        key: 'RTEST',
        state: 'retry',
        retryLimit: 6,
      },
      { name: 'handle-delivery', data: { guid: 'g1' }, retryLimit: 1_000 },
      { name: 'publish-run', data: { runId: 'R1' }, key: 'R1', policy: 'short', retryLimit: 1_000 },
    );

    work(test.queue, 'execute-node', { concurrency: 4 }, async ({ data, attempt }) => {
      done.push(`${data.node} ${attempt}`);
    });
    work(test.queue, 'handle-delivery', { concurrency: 4 }, async ({ data }) => {
      done.push(data.guid);
    });
    work(test.queue, 'publish-run', { concurrency: 4 }, async ({ data }) => {
      done.push(data.runId);
    });

    await isEmpty();
    expect(done.toSorted()).toEqual(['R1', 'built 2', 'g1', 'plan 1']);
  });

  it('are still done one at a time where they share a key', async () => {
    let active = 0;
    let most = 0;
    const publish = { name: 'publish-run', data: { runId: 'R1' }, key: 'R1' } as const;
    const old = { ...publish, policy: 'short', retryLimit: 1_000 } as const;
    await leave(old, { ...old, state: 'retry' }, { ...old, state: 'retry' });

    work(test.queue, 'publish-run', { concurrency: 4 }, async () => {
      active += 1;
      most = Math.max(most, active);
      await sleep(50);
      active -= 1;
    });
    await test.add(publish);

    await isEmpty();
    expect(most).toBe(1);
  });

  it('can be withdrawn', async () => {
    await leave({ name: 'execute-node', data: attemptAt('plan'), key: 'RTEST', retryLimit: 5 });

    await test.add({ name: 'stop-node', data: attemptAt('plan') });

    expect(await leftOver(test.queue)).toEqual([]);
  });
});
