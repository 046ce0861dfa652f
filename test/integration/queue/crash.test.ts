import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#src/store/database.ts';
import { DATABASE_KINDS, type DatabasePlace, makePlace, silent } from '#test/support/database.ts';
import { eventually } from '#test/support/eventually.ts';
import { type SpawnedWorker, spawnWorker } from '#test/support/spawn-worker.ts';
import { executeNode, leftOver, openTestQueue, type TestQueue } from './open-queue.ts';

describe.each(DATABASE_KINDS)('a worker process on %s', (kind) => {
  let place: DatabasePlace;
  const workers: SpawnedWorker[] = [];
  beforeEach(async () => {
    place = await makePlace(kind);
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.end('SIGKILL');
    await place.remove();
  });

  async function start(): Promise<SpawnedWorker> {
    const worker = spawnWorker(place);
    workers.push(worker);
    await worker.saw('ready');
    return worker;
  }

  async function withQueue<Result>(act: (test: TestQueue) => Promise<Result>): Promise<Result> {
    const database = await openDatabase({ ...place, log: silent });
    const test = await openTestQueue(database);
    try {
      return await act(test);
    } finally {
      await test.close();
      await database.close();
    }
  }

  it('leaves its jobs to the next process when it is killed', async () => {
    await withQueue((test) => test.add(executeNode('hang'), executeNode('quick')));
    const killed = await start();
    await killed.saw('start hang 1');
    await killed.saw('end quick');
    await killed.end('SIGKILL');

    const next = await start();

    await next.saw('start hang 2');
    expect(next.lines).not.toContain('start quick 1');
  });

  it('hands its jobs back and ends by itself on SIGTERM', async () => {
    await withQueue((test) => test.add(executeNode('hang')));
    const worker = await start();
    await worker.saw('start hang 1');

    const code = await worker.end('SIGTERM');

    expect(code).toBe(0);
    expect(await withQueue((test) => leftOver(test.queue))).toEqual(['execute-node retry']);
  });
});

describe('worker processes that share a PostgreSQL', () => {
  let place: DatabasePlace;
  const workers: SpawnedWorker[] = [];
  beforeEach(async () => {
    place = await makePlace('postgres');
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.end('SIGKILL');
    await place.remove();
  });

  async function start(): Promise<SpawnedWorker> {
    const worker = spawnWorker(place);
    workers.push(worker);
    await worker.saw('ready');
    return worker;
  }

  it('take over the jobs of one that is killed, without being restarted', async () => {
    const database = await openDatabase({ ...place, log: silent });
    const test = await openTestQueue(database);
    const [first, second] = [await start(), await start()];
    await test.add(executeNode('hang-1'), executeNode('hang-2'));
    await eventually('both jobs run', () => [...first.lines, ...second.lines].length === 4);

    await first.end('SIGKILL');

    const lost = first.lines.filter((line) => line.startsWith('start'));
    for (const line of lost) await second.saw(line.replace(/1$/, '2'));
    const dead = await eventually('the dead worker is off the list', async () => {
      const rows = await database.db.selectFrom('workers').select('id').execute();
      return rows.length === 2;
    });
    await test.close();
    await database.close();
    expect(dead).toBe(true);
  });

  it('do not touch the jobs of one that is alive', async () => {
    const database = await openDatabase({ ...place, log: silent });
    const test = await openTestQueue(database);
    const first = await start();
    await test.add(executeNode('hang'));
    await first.saw('start hang 1');

    const second = await start();
    const third = await start();
    await third.end('SIGKILL');
    await eventually('the dead worker is off the list', async () => {
      const rows = await database.db.selectFrom('workers').select('id').execute();
      return rows.length === 3;
    });

    await test.close();
    await database.close();
    expect(second.lines).toEqual(['ready']);
    expect(first.lines).toEqual(['ready', 'start hang 1']);
  });
});
