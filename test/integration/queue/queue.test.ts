import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostponeJob } from '#src/queue/interruption.ts';
import { drainQueue, enqueue, scheduleSweep, work } from '#src/queue/queue.ts';
import { insertRefusal } from '#src/store/refusals.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { eventually } from '#test/support/eventually.ts';
import { attemptAt, executeNode, leftOver, openTestQueue, type TestQueue } from './open-queue.ts';

describe.each(DATABASE_KINDS)('the queue on %s', (kind) => {
  let database: TestDatabase;
  let test: TestQueue;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(() => database.remove());
  beforeEach(async () => {
    test = await openTestQueue(database.handle);
  });
  afterEach(async () => {
    await test.queue.db.executeSql(`DELETE FROM pgboss.job WHERE name NOT LIKE '\\_\\_%'`);
    await test.close();
  });

  /** Does `execute-node` jobs and notes which. */
  function collect(): string[] {
    const seen: string[] = [];
    work(test.queue, 'execute-node', { concurrency: 4 }, async ({ data }) => {
      seen.push(data.node);
    });
    return seen;
  }

  const isEmpty = () =>
    eventually('the queue is empty', async () => (await leftOver(test.queue)).length === 0);

  it('hands a job to its handler, with what it was told', async () => {
    const jobs: unknown[] = [];
    work(test.queue, 'execute-node', { concurrency: 1 }, async ({ data, attempt }) => {
      jobs.push({ data, attempt });
    });

    await test.add(executeNode('plan'));

    await isEmpty();
    expect(jobs).toEqual([{ data: attemptAt('plan'), attempt: 1 }]);
  });

  it('takes text that PostgreSQL itself refuses', async () => {
    const bodies: string[] = [];
    work(test.queue, 'post-answer', { concurrency: 1 }, async ({ data }) => {
      bodies.push(data.body);
    });
    const data = { key: 'k', installationId: 1, owner: 'acme', repo: 'shop', number: 1 };

    await test.add({
      name: 'post-answer',
      data: { ...data, body: 'zero \0, half \ud83d, "\\u0000"' },
    });

    await isEmpty();
    expect(bodies).toEqual(['zero \ufffd, half \ufffd, "\\u0000"']);
  });

  it('leaves neither state nor job of a transaction that is rolled back', async () => {
    const seen = collect();
    const refusal = { repositoryId: 5, subjectNumber: 5, login: 'eve', at: '2026-11-21T09:00:00Z' };

    const undone = database.db.transaction().execute(async (trx) => {
      await insertRefusal(trx, refusal);
      await enqueue(test.queue, trx, executeNode('undone'));
      throw new Error('undone');
    });

    await expect(undone).rejects.toThrow('undone');
    expect(await leftOver(test.queue)).toEqual([]);
    expect(await insertRefusal(database.db, refusal)).toBe(true);
    expect(seen).toEqual([]);
  });

  it('queues and does many jobs, each once', async () => {
    const seen = collect();
    const nodes = Array.from({ length: 100 }, (_, index) => `n${index}`);

    await test.add(...nodes.map((node) => executeNode(node)));

    await isEmpty();
    expect(seen.toSorted()).toEqual(nodes.toSorted());
  });

  it('does not do a job before its time', async () => {
    const at = new Date(Date.now() + 300).toISOString();
    const fired: number[] = [];
    work(test.queue, 'fire-timer', { concurrency: 1 }, async () => {
      fired.push(Date.now());
    });

    await test.add({ name: 'fire-timer', data: { runId: 'RTEST', timer: 'cooldown', at } });

    await isEmpty();
    expect(fired).toHaveLength(1);
    expect(fired[0]).toBeGreaterThanOrEqual(Date.parse(at));
  });

  it('has one worker per kind of job', () => {
    collect();

    expect(collect).toThrow('a worker for execute-node');
  });

  it('sends what a cron expression asks for to the sweeps', async () => {
    await scheduleSweep(test.queue, 'old-deliveries', '43 3 * * *');

    const [schedule] = await test.queue.boss.getSchedules('sweep', 'old-deliveries');

    expect(schedule).toMatchObject({ cron: '43 3 * * *', data: { task: 'old-deliveries' } });
  });

  describe('a coalesced job', () => {
    const publish = (runId: string, startAfter?: string) =>
      ({ name: 'publish-run', data: { runId }, ...(startAfter && { startAfter }) }) as const;

    it('is pulled forward by whoever asks for the earliest time, in whatever order they commit', async () => {
      const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
      const [first, second, third] = [inMinutes(30), inMinutes(10), inMinutes(20)];
      await test.add(publish('REARLIEST', first));

      await Promise.all([
        test.add(publish('REARLIEST', second)),
        test.add(publish('REARLIEST', third)),
      ]);

      const [job] = await test.queue.boss.findJobs('publish-run', { key: 'REARLIEST' });
      expect(job?.startAfter.toISOString()).toBe(second);
    });

    it('waits once, however often it is asked for', async () => {
      for (let times = 0; times < 10; times += 1) await test.add(publish('RMANY'));

      expect(await leftOver(test.queue)).toEqual(['publish-run created']);
    });

    it('is done once more when it is asked for while it is being done', async () => {
      let done = 0;
      work(test.queue, 'publish-run', { concurrency: 4 }, async () => {
        if (done === 0) {
          await test.add(publish('RAGAIN'));
          await test.add(publish('RAGAIN'));
        }
        done += 1;
      });

      await test.add(publish('RAGAIN'));

      await isEmpty();
      expect(done).toBe(2);
    });

    it('is never done twice at once for one run, and does not hold up other runs', async () => {
      const active = new Map<string, number>();
      const most = { sameRun: 0, runs: 0 };
      work(test.queue, 'publish-run', { concurrency: 8 }, async ({ data: { runId } }) => {
        active.set(runId, (active.get(runId) ?? 0) + 1);
        most.sameRun = Math.max(most.sameRun, active.get(runId) ?? 0);
        most.runs = Math.max(most.runs, active.size);
        await sleep(20);
        active.delete(runId);
      });

      for (let times = 0; times < 20; times += 1) {
        await test.add(publish('RONE'), publish('RTWO'), publish('RTHREE'));
      }

      await isEmpty();
      expect(most.sameRun).toBe(1);
      expect(most.runs).toBeGreaterThan(1);
    });

    it('keeps the earlier time when it is asked for again later', async () => {
      const soon = new Date(Date.now() + 60_000).toISOString();
      const later = new Date(Date.now() + 120_000).toISOString();
      await test.add(publish('RTIME', soon));
      await test.add(publish('RTIME', later));

      const startAfter = async () => {
        const [job] = await test.queue.boss.findJobs('publish-run', { key: 'RTIME' });
        return job?.startAfter.toISOString();
      };
      expect(await startAfter()).toBe(soon);
      await test.add(publish('RTIME'));
      expect(Date.parse((await startAfter()) ?? '')).toBeLessThan(Date.parse(soon));
    });

    it('takes waiting retries of its key with it when it succeeds', async () => {
      let calls = 0;
      work(test.queue, 'publish-run', { concurrency: 1 }, async () => {
        calls += 1;
        if (calls === 1) throw new Error('GitHub is away');
      });
      await test.add(publish('RRETRY'));
      await eventually('the first try failed', async () =>
        (await leftOver(test.queue)).includes('publish-run retry'),
      );

      await test.add(publish('RRETRY'));

      await isEmpty();
      expect(calls).toBe(2);
    });
  });

  describe('a failing job', () => {
    it('is tried again, and given up as a dead job', async () => {
      const tries: number[] = [];
      const dead: unknown[] = [];
      work(test.queue, 'sweep', { concurrency: 1 }, async ({ attempt }) => {
        tries.push(attempt);
        throw new Error('the disk is full');
      });
      work(test.queue, 'dead-job', { concurrency: 1 }, async ({ data }) => {
        dead.push(data);
      });

      await test.add({ name: 'sweep', data: { task: 'worktrees' } });

      await eventually('the job is given up', () => dead.length > 0);
      expect(tries).toEqual([1, 2]);
      expect(dead).toEqual([
        { name: 'sweep', data: { task: 'worktrees' }, error: 'the disk is full' },
      ]);
    });

    it('is not counted as failed when it postpones itself', async () => {
      const dead: unknown[] = [];
      let calls = 0;
      work(test.queue, 'dead-job', { concurrency: 1 }, async ({ data }) => {
        dead.push(data);
      });
      work(test.queue, 'sweep', { concurrency: 1 }, async () => {
        calls += 1;
        if (calls < 5) throw new PostponeJob(10, 'rate limit');
      });

      await test.add({ name: 'sweep', data: { task: 'patient' } });

      await isEmpty();
      expect({ calls, dead }).toEqual({ calls: 5, dead: [] });
    });

    it('is tried once more when it postpones itself at its last try', async () => {
      const tries: number[] = [];
      const dead: string[] = [];
      work(test.queue, 'dead-job', { concurrency: 1 }, async ({ data }) => {
        dead.push(data.error);
      });
      work(test.queue, 'sweep', { concurrency: 1 }, async ({ attempt }) => {
        tries.push(attempt);
        if (attempt === 2) throw new PostponeJob(10, 'rate limit');
        throw new Error(`attempt ${attempt} failed`);
      });

      await test.add({ name: 'sweep', data: { task: 'worktrees' } });

      await eventually('the job is given up', () => dead.length > 0);
      expect({ tries, dead }).toEqual({ tries: [1, 2, 3], dead: ['attempt 3 failed'] });
    });

    it('is given up without another try when its workers died too often', async () => {
      const dead: string[] = [];
      await test.add(executeNode('poison'));
      await test.queue.db.executeSql(
        `UPDATE pgboss.job SET retry_count = retry_limit, started_on = now()
          WHERE name = 'execute-node'`,
      );
      const seen = collect();
      work(test.queue, 'dead-job', { concurrency: 1 }, async ({ data }) => {
        dead.push(`${data.name}: ${data.error}`);
      });

      await eventually('the job is given up', () => dead.length > 0);

      expect(dead).toEqual(['execute-node: its worker died too often']);
      expect(seen).toEqual([]);
    });
  });

  describe('stopping an attempt', () => {
    it('takes it out of the queue when it waits', async () => {
      await test.add(executeNode('waiting'), executeNode('other'));

      await test.add({ name: 'stop-node', data: attemptAt('waiting') });

      const seen = collect();
      await isEmpty();
      expect(seen).toEqual(['other']);
    });

    it('interrupts it when it runs, and does not try it again', async () => {
      const reasons: string[] = [];
      work(test.queue, 'execute-node', { concurrency: 4 }, async ({ data, signal }) => {
        reasons.push(`start ${data.node}`);
        if (data.node !== 'long') return;
        await once(signal, 'abort');
        reasons.push(signal.reason.code);
        throw signal.reason;
      });
      await test.add(executeNode('long'));
      await eventually('it runs', () => reasons.length > 0);

      await test.add({ name: 'stop-node', data: attemptAt('long') });

      await isEmpty();
      await eventually('it was interrupted', () => reasons.length > 1);
      expect(reasons).toEqual(['start long', 'job-stopped']);
    });

    it('does nothing when the transaction that stops it is rolled back', async () => {
      await test.add(executeNode('kept'));
      const undone = database.db.transaction().execute(async (trx) => {
        await enqueue(test.queue, trx, { name: 'stop-node', data: attemptAt('kept') });
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');

      const seen = collect();

      await isEmpty();
      expect(seen).toEqual(['kept']);
    });
  });

  describe('who holds a job', () => {
    const claims = () =>
      database.db.selectFrom('claims').select(['name', 'attempt', 'worker']).execute();

    it('is noted while it is being done', async () => {
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      work(test.queue, 'execute-node', { concurrency: 1 }, () => released);
      await test.add(executeNode('long'));

      await eventually('it is noted', async () => (await claims()).length > 0);
      const { worker } = test.queue.session;
      expect(await claims()).toEqual([{ name: 'execute-node', attempt: 0, worker }]);

      release();
      await isEmpty();
      await eventually('it is forgotten', async () => (await claims()).length === 0);
    });

    it('is forgotten when the queue is closed', async () => {
      const queue = await openTestQueue(database.handle);
      work(queue.queue, 'execute-node', { concurrency: 1 }, async () => undefined);
      await queue.add(executeNode('short'));
      await isEmpty();

      await queue.close();

      expect(await claims()).toEqual([]);
    });
  });

  describe('shutting down', () => {
    it('lets a job end that ends in time', async () => {
      const seen: string[] = [];
      work(test.queue, 'execute-node', { concurrency: 1 }, async ({ data }) => {
        seen.push('start');
        await sleep(100);
        seen.push(data.node);
      });
      await test.add(executeNode('short'));
      await eventually('it runs', () => seen.length > 0);

      await drainQueue(test.queue, 5_000);

      expect(seen).toEqual(['start', 'short']);
      expect(await leftOver(test.queue)).toEqual([]);
    });

    it.each(['heeds', 'ignores'])('hands a job back that %s its signal', async (manner) => {
      let started = false;
      work(test.queue, 'execute-node', { concurrency: 1 }, async ({ signal }) => {
        started = true;
        await once(signal, 'abort');
        if (manner === 'heeds') throw signal.reason;
        await sleep(2_000);
      });
      await test.add(executeNode('long'));
      await eventually('it runs', () => started);

      await drainQueue(test.queue, 50);

      expect(await leftOver(test.queue)).toEqual(['execute-node retry']);
      const next = await openTestQueue(database.handle);
      const seen: number[] = [];
      work(next.queue, 'execute-node', { concurrency: 1 }, async ({ attempt }) => {
        seen.push(attempt);
      });
      await isEmpty();
      await next.close();
      expect(seen).toEqual([2]);
    });
  });
});
