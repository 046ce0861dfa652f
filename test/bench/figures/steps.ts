import { type BenchApp, DATABASES, nameOf, startBenchApp } from '../app/bench-app.ts';
import { type ChainAccess, chainName, chainWorkflow } from '../app/chain.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { cpuSeconds, watchMemory } from '../measure/process-tree.ts';
import { median } from '../measure/statistics.ts';

const LENGTHS = [1, 5, 17] as const;
const CHAINS: Readonly<Record<ChainAccess, { readonly name: string; readonly note: string }>> = {
  readonly: { name: '', note: 'readonly steps, one agent process kept for the run' },
  edit: { name: 'edit.', note: 'steps that may write, an agent process started for each' },
};
const ACCESSES = Object.keys(CHAINS) as ChainAccess[];
const SHORTEST = LENGTHS[0];
const LONGEST = LENGTHS[LENGTHS.length - 1] ?? SHORTEST;

interface Sample {
  readonly access: ChainAccess;
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
      ACCESSES.flatMap((access) =>
        LENGTHS.map((length) => [chainName(length, access), chainWorkflow(length, access)]),
      ),
    );
    const app = await startBenchApp({ database, workflows });
    try {
      for (const access of ACCESSES) await playChain(app, SHORTEST, access);
      const memory = watchMemory(app.pid);
      const samples: Sample[] = [];
      for (let round = 0; round < (effort.quick ? 3 : 9); round += 1) {
        for (const access of ACCESSES) {
          for (const length of LENGTHS) samples.push(await playChain(app, length, access));
        }
      }
      figures.push(...ACCESSES.flatMap((access) => figuresOf(database, samples, access)), {
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

async function playChain(app: BenchApp, length: number, access: ChainAccess): Promise<Sample> {
  const before = cpuSeconds(app.pid);
  const { wallMs } = await app.play(chainName(length, access));
  await app.settled();
  return { access, length, wallMs, cpuMs: (cpuSeconds(app.pid) - before) * 1_000 };
}

function figuresOf(
  database: (typeof DATABASES)[number],
  all: readonly Sample[],
  access: ChainAccess,
): Figure[] {
  const samples = all.filter((sample) => sample.access === access);
  const note = `${nameOf(database)}; label to done on the local GitHub, scripted agent; ${CHAINS[access].note}`;
  return (['wallMs', 'cpuMs'] as const).flatMap((what) => {
    const of = (length: number) => samples.filter((sample) => sample.length === length);
    const whole = (length: number) => median(of(length).map((sample) => sample[what]));
    const name = `steps.${database}.${CHAINS[access].name}${what === 'wallMs' ? 'wall' : 'cpu'}`;
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
