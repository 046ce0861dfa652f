import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import type { Job } from '#src/queue/jobs.ts';
import { closeQueue, enqueueAll, openQueue, type Queue, work } from '#src/queue/queue.ts';
import { type DatabaseHandle, openDatabase } from '#src/store/database.ts';
import { eventually } from '#test/support/eventually.ts';
import { prepareDataDir } from '#test/support/pglite-template.ts';
import { startPostgres } from '#test/support/postgres.ts';
import { type SpawnedWorker, spawnWorker } from '#test/support/spawn-worker.ts';
import { DATABASES, nameOf } from '../app/bench-app.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { median, percentile } from '../measure/statistics.ts';

type Kind = (typeof DATABASES)[number];
interface Place {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}

const log = pino({ level: 'silent' });

/** What the queue costs: from a transaction to the start of its job, many jobs, and a killed process. */
export async function measureQueue(effort: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of effort.quick ? DATABASES.slice(0, 1) : DATABASES) {
    const { remove, ...place } = await makePlace(kind);
    try {
      effort.say(`queue on ${nameOf(kind)}: one after the other`);
      figures.push(...(await inOneProcess(place, kind, effort)));
      effort.say(`queue on ${nameOf(kind)}: takeover`);
      figures.push(await takeover(place, kind, effort.quick ? 1 : 3));
    } finally {
      await remove();
    }
  }
  return figures;
}

async function makePlace(kind: Kind): Promise<Place & { readonly remove: () => Promise<void> }> {
  if (kind === 'postgres') {
    const postgres = await startPostgres({ durable: true });
    const databaseUrl = await postgres.createDatabase();
    return { databaseUrl, dataDir: 'memory', remove: () => postgres.stop() };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-queue-'));
  await prepareDataDir(dataDir);
  const remove = () => rm(dataDir, { recursive: true, force: true });
  return { databaseUrl: null, dataDir, remove };
}

async function inOneProcess(place: Place, kind: Kind, effort: Effort): Promise<Figure[]> {
  const database = await openDatabase({ ...place, log });
  const queue = await openQueue({ database, log });
  const started = new Map<string, () => void>();
  work(queue, 'execute-node', { concurrency: 4 }, async ({ data }) => started.get(data.node)?.());
  work(queue, 'publish-run', { concurrency: 8 }, async ({ data }) => started.get(data.runId)?.());
  const add = adder(database, queue);
  const play = (jobs: readonly Job[]) => playAll(add, started, jobs);
  try {
    await play(nodes(effort.quick ? 50 : 200, 'warm'));
    const waits: number[] = [];
    const n = effort.quick ? 50 : 300;
    for (let index = 0; index < n; index += 1) {
      waits.push((await play(nodes(1, `single${index}`))).afterCommit);
      await sleep(5);
    }
    const many = effort.quick ? 200 : 1_000;
    const note = nameOf(kind);
    return [
      { name: `queue.${kind}.start.p50`, value: median(waits), unit: 'ms', n, note },
      { name: `queue.${kind}.start.p99`, value: percentile(waits, 99), unit: 'ms', n, note },
      {
        name: `queue.${kind}.independent`,
        value: (1_000 * many) / (await play(nodes(many, 'many'))).all,
        unit: 'jobs/s',
        n: many,
        note: `added in one transaction, four at a time; ${note}`,
      },
      {
        name: `queue.${kind}.coalesced`,
        value: (1_000 * many) / (await play(runs(many))).all,
        unit: 'jobs/s',
        n: many,
        note: `each of its own run, added in one transaction, eight at a time; ${note}`,
      },
    ];
  } finally {
    await closeQueue(queue);
    await database.close();
  }
}

/** Adds the jobs in one transaction; resolves with the milliseconds to the last start. */
async function playAll(
  add: (jobs: readonly Job[]) => Promise<void>,
  started: Map<string, () => void>,
  jobs: readonly Job[],
): Promise<{ readonly all: number; readonly afterCommit: number }> {
  let last = 0;
  const all = jobs.map(
    (job) =>
      new Promise<void>((resolve) => {
        started.set(nameOfJob(job), () => {
          last = performance.now();
          resolve();
        });
      }),
  );
  const before = performance.now();
  await add(jobs);
  const committed = performance.now();
  await Promise.all(all);
  started.clear();
  // The embedded database tells of a job before it tells whoever added it that it has.
  return { all: last - before, afterCommit: Math.max(last - committed, 0) };
}

async function takeover(place: Place, kind: Kind, times: number): Promise<Figure> {
  const seconds: number[] = [];
  for (let time = 0; time < times; time += 1) {
    await addOutside(place, nodes(1, `hang${time}`));
    const first = await start(place);
    await first.saw(`start hang${time}-0 1`);
    const second = kind === 'postgres' ? await start(place) : null;
    await first.end('SIGKILL');
    const killed = performance.now();
    const next = second ?? (await start(place));
    await next.saw(`start hang${time}-0 2`);
    seconds.push((performance.now() - killed) / 1_000);
    await next.end('SIGKILL');
    await clear(place);
  }
  const how =
    kind === 'postgres' ? 'by a process that lives' : 'by the next process, its start included';
  return {
    name: `queue.${kind}.takeover`,
    value: Math.max(...seconds),
    unit: 's',
    n: times,
    note: `longest from SIGKILL to the second attempt, ${how}`,
  };
}

async function start(place: Place): Promise<SpawnedWorker> {
  const worker = spawnWorker({ ...place, remove: () => Promise.resolve() });
  await worker.saw('ready');
  return worker;
}

async function addOutside(place: Place, jobs: readonly Job[]): Promise<void> {
  const database = await openDatabase({ ...place, log });
  const queue = await openQueue({ database, log });
  await adder(database, queue)(jobs);
  await closeQueue(queue);
  await database.close();
}

/** Does what the killed ones have left. */
async function clear(place: Place): Promise<void> {
  const database = await openDatabase({ ...place, log });
  const queue = await openQueue({ database, log });
  let done = 0;
  work(queue, 'execute-node', { concurrency: 4 }, async () => {
    done += 1;
  });
  await eventually('nothing is left', () => done > 0);
  await closeQueue(queue);
  await database.close();
}

function adder(database: DatabaseHandle, queue: Queue) {
  return (jobs: readonly Job[]) =>
    database.db.transaction().execute((trx) => enqueueAll(queue, trx, jobs));
}

function nodes(count: number, name: string): Job[] {
  return Array.from({ length: count }, (_, index) => ({
    name: 'execute-node',
    data: { runId: 'RBENCH', node: `${name}-${index}`, visit: 1, attempt: 1 },
  }));
}

function runs(count: number): Job[] {
  return Array.from({ length: count }, (_, index) => ({
    name: 'publish-run',
    data: { runId: `RBENCH${index}` },
  }));
}

function nameOfJob(job: Job): string {
  if (job.name === 'execute-node') return job.data.node;
  return job.name === 'publish-run' ? job.data.runId : job.name;
}
