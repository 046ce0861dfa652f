import { type BenchApp, DATABASES, nameOf, startBenchApp } from '../app/bench-app.ts';
import { chainWorkflow } from '../app/chain.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { cpuSeconds, watchMemory } from '../measure/process-tree.ts';
import { median } from '../measure/statistics.ts';

const LENGTHS = [1, 5, 17] as const;
const SHORTEST = LENGTHS[0];
const LONGEST = LENGTHS[LENGTHS.length - 1] ?? SHORTEST;

interface Sample {
  readonly length: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What one more step of a run costs: chains of different length, the difference divided by the steps. */
export async function measureSteps(effort: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const database of effort.quick ? DATABASES.slice(0, 1) : DATABASES) {
    effort.say(`steps on ${nameOf(database)}`);
    const workflows = Object.fromEntries(
      LENGTHS.map((length) => [`chain-${length}`, chainWorkflow(length)]),
    );
    const app = await startBenchApp({ database, workflows });
    try {
      await playChain(app, SHORTEST);
      const memory = watchMemory(app.pid);
      const samples: Sample[] = [];
      for (let round = 0; round < (effort.quick ? 3 : 9); round += 1) {
        for (const length of LENGTHS) samples.push(await playChain(app, length));
      }
      const note = `${nameOf(database)}; label to done on the local GitHub, scripted agent kept for the run`;
      figures.push(...figuresOf(database, samples, note), {
        name: `steps.${database}.peak-memory`,
        value: memory.stop(),
        unit: 'MB',
        n: samples.length,
        note: 'PSS of the process tree, agent and sandbox included, seen every 200 ms',
      });
    } finally {
      await app.close();
    }
  }
  return figures;
}

async function playChain(app: BenchApp, length: number): Promise<Sample> {
  const before = cpuSeconds(app.pid);
  const { wallMs } = await app.play(`chain-${length}`);
  await app.settled();
  return { length, wallMs, cpuMs: (cpuSeconds(app.pid) - before) * 1_000 };
}

function figuresOf(database: string, samples: readonly Sample[], note: string): Figure[] {
  return (['wallMs', 'cpuMs'] as const).flatMap((what) => {
    const of = (length: number) => samples.filter((sample) => sample.length === length);
    const whole = (length: number) => median(of(length).map((sample) => sample[what]));
    const name = `steps.${database}.${what === 'wallMs' ? 'wall' : 'cpu'}`;
    const each = (whole(LONGEST) - whole(SHORTEST)) / (LONGEST - SHORTEST);
    return [
      { name: `${name}.per-step`, value: each, unit: 'ms', n: samples.length, note },
      ...LENGTHS.map((length) => ({
        name: `${name}.chain-${length}`,
        value: whole(length),
        unit: 'ms',
        n: of(length).length,
        note: 'median of whole runs',
      })),
    ];
  });
}
