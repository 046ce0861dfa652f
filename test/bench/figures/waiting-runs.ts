import { type BenchApp, DATABASES, nameOf, startBenchApp } from '../app/bench-app.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { INSPECTABLE, memoryAfterCollection } from '../measure/inspector.ts';
import { treeMegabytes } from '../measure/process-tree.ts';

const WORKFLOW = `name: gated
description: Waits before it does anything.
steps:
  - id: work
    agent: Worker
    prompt: Say done.
    requires_approval: true
    approval: {when: before}
`;
/** So many that pools, caches and compiled code are as large as they get. */
const WARM_UP = 100;
const AT_ONCE = 10;

/** What a run costs the application while nobody answers its gate. */
export async function measureWaitingRuns(effort: Effort): Promise<Figure[]> {
  const runs = effort.quick ? 100 : 1_000;
  const figures: Figure[] = [];
  for (const database of effort.quick ? DATABASES.slice(0, 1) : DATABASES) {
    const env = { ...INSPECTABLE, LOG_LEVEL: 'warn' };
    const app = await startBenchApp({ database, workflows: { gated: WORKFLOW }, env });
    try {
      effort.say(`waiting runs on ${nameOf(database)}: warming up`);
      await openGates(app, effort.quick ? WARM_UP / 5 : WARM_UP);
      const before = await look(app);
      effort.say(`waiting runs on ${nameOf(database)}: ${runs} runs`);
      await openGates(app, runs);
      const after = await look(app);
      figures.push(...figuresOf(database, runs, before, after));
    } finally {
      await app.close();
    }
  }
  return figures;
}

async function openGates(app: BenchApp, runs: number): Promise<void> {
  const players = Array.from({ length: AT_ONCE }, async (_, player) => {
    for (let run = player; run < runs; run += AT_ONCE) await app.play('gated', 'waiting');
  });
  await Promise.all(players);
}

interface Look {
  readonly heap: number;
  readonly external: number;
  readonly resident: number;
}

async function look(app: BenchApp): Promise<Look> {
  await app.settled();
  const { heapUsed, external } = await memoryAfterCollection(app.logFile);
  return {
    heap: heapUsed / 1024,
    external: external / 1024,
    resident: treeMegabytes(app.pid) * 1024,
  };
}

function figuresOf(database: 'pglite' | 'postgres', runs: number, before: Look, after: Look) {
  const how = `application process with ${runs} more waiting runs against before, after garbage collection, divided; ${nameOf(database)}`;
  const notes: Readonly<Record<keyof Look, string>> = {
    heap: `JavaScript heap; ${how}`,
    external: `buffers and the memory of WebAssembly, the embedded database included; ${how}`,
    resident: `PSS, with pages the allocator has not given back; ${how}`,
  };
  return (['heap', 'external', 'resident'] as const).map((kind) => ({
    name: `waiting-runs.${database}.${kind}`,
    value: (after[kind] - before[kind]) / runs,
    unit: 'KB/run',
    n: runs,
    note: notes[kind],
  }));
}
