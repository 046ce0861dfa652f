import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchApp, DATABASES, nameOf, startBenchApp } from '../app/bench-app.ts';
import type { Load, LoadResult, Shot } from '../load/load.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { median, percentile } from '../measure/statistics.ts';

const PER_SECOND = 100;
const GENERATOR = join(import.meta.dirname, '../load/generator.ts');

/** How long GitHub waits for our answer to a webhook while the worker is busy with those before. */
export async function measureAcknowledge(effort: Effort): Promise<Figure[]> {
  const seconds = effort.quick ? 4 : 20;
  const figures: Figure[] = [];
  for (const database of DATABASES) {
    const app = await startBenchApp({ database, workflows: {} });
    try {
      const shots = await realDeliveries(app);
      const load = { url: app.webhookUrl, secret: app.github.app.webhookSecret, shots };
      await generate({ ...load, count: PER_SECOND, perSecond: PER_SECOND });
      await calm(app);
      effort.say(`${PER_SECOND} deliveries/s for ${seconds} s on ${nameOf(database)}`);
      const result = await generate({
        ...load,
        count: PER_SECOND * seconds,
        perSecond: PER_SECOND,
      });
      const ended = performance.now();
      await calm(app);
      figures.push(...figuresOf(database, result, (performance.now() - ended) / 1_000));
    } finally {
      await app.close();
    }
  }
  return figures;
}

function figuresOf(
  database: (typeof DATABASES)[number],
  { latencies, refused, lateMs }: LoadResult,
  backlogSeconds: number,
): Figure[] {
  const note = `${nameOf(database)}; ${PER_SECOND} signed deliveries/s, open loop, from when each was due; worker in the same process; ${refused} not answered 202; generator late by ${lateMs.toFixed(1)} ms at p99`;
  const each = (name: string, value: number) => ({
    name: `acknowledge.${database}.${name}`,
    value,
    unit: 'ms',
    n: latencies.length,
    note,
  });
  return [
    each('p50', median(latencies)),
    each('p99', percentile(latencies, 99)),
    each('max', percentile(latencies, 100)),
    {
      name: `acknowledge.${database}.backlog`,
      value: backlogSeconds,
      unit: 's',
      n: 1,
      note: 'until everything was handled and answered after the last delivery',
    },
  ];
}

/** What GitHub really sends when people open issues, talk, and ask us something; sent again under new GUIDs. */
async function realDeliveries(app: BenchApp): Promise<Shot[]> {
  const { github } = app;
  const before = github.deliveries.length;
  const bob = github.as('bob');
  const { number } = await bob.createIssue({ title: 'Something to talk about', body: LONG });
  await bob.editIssue(number, { title: 'Something else to talk about' });
  await bob.comment(number, LONG);
  await bob.label(number, 'enhancement');
  await bob.pushCommit('topic', { 'README.md': '# changed\n' });
  const chatter = await deliveriesSince(app, before);
  const asked = github.deliveries.length;
  await bob.comment(number, '/sluice help');
  const question = await deliveriesSince(app, asked);
  await calm(app);
  // One in twenty is a command, which costs a permission check, a reaction and a comment.
  return Array.from({ length: 20 }, (_, place) => {
    const from = place === 0 ? question : chatter;
    return from[place % from.length] ?? NOTHING;
  });
}

async function deliveriesSince({ github }: BenchApp, start: number): Promise<Shot[]> {
  await github.idle();
  return github.deliveries.slice(start).map(({ event, payload }) => ({ event, payload }));
}

const NOTHING: Shot = { event: 'ping', payload: {} };
const LONG = 'A paragraph as people write it, with a link and some `code` in it.\n\n'.repeat(20);

/** Resolves when nothing has been asked of GitHub for a second. */
async function calm({ github }: BenchApp): Promise<void> {
  for (let seen = -1; seen !== github.requests.length; ) {
    seen = github.requests.length;
    await github.idle();
    await sleep(1_000);
  }
}

async function generate(load: Load): Promise<LoadResult> {
  const generator: ChildProcess = fork(GENERATOR, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  generator.send(load);
  const [result] = (await once(generator, 'message')) as [LoadResult];
  return result;
}
