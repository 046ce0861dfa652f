import { newRun } from '#src/engine/state/new-run.ts';
import type { Run } from '#src/engine/state/run.ts';
import { transition } from '#src/engine/transition.ts';
import type { Edge, Plan } from '#src/plan/plan.ts';
import { agent, aPlan, edge } from '#test/support/engine/plan-builder.ts';
import { done, type Happening } from '#test/support/engine/player.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { median } from '../measure/statistics.ts';

const SIZES = [10, 100, 1_000] as const;
const WIDTH = 10;
const RESULT = done();

/** Transitions of the pure engine per second, on layered plans of growing size. */
export function measureEngine(effort: Effort): Promise<Figure[]> {
  return Promise.resolve(SIZES.flatMap((size) => measureSize(size, effort)));
}

function measureSize(size: number, effort: Effort): Figure[] {
  effort.say(`engine with ${size} nodes`);
  const plan = layeredPlan(size);
  const rounds = Math.max(effort.quick ? 3 : 9, Math.round((effort.quick ? 500 : 5_000) / size));
  playToEnd(plan);
  const rates: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const events = playToEnd(plan);
    const ms = performance.now() - started;
    times.push(ms);
    rates.push((1_000 * events) / ms);
  }
  const note = `layers of ${WIDTH} nodes, two edges into each; two events per node; one core, no saving`;
  return [
    { name: `engine.transitions-${size}`, value: median(rates), unit: '1/s', n: rounds, note },
    { name: `engine.settle-${size}`, value: median(times), unit: 'ms', n: rounds, note },
  ];
}

function layeredPlan(size: number): Plan {
  const ids = Array.from({ length: size }, (_, at) => `n${at}`);
  const edges = ids.flatMap((id, at): Edge[] => {
    const layer = Math.floor(at / WIDTH);
    if (layer === 0) return [];
    const before = (layer - 1) * WIDTH;
    const parents = [before + (at % WIDTH), before + ((at + 1) % WIDTH)];
    return parents.map((parent) => edge(`${ids[parent]} -> ${id}`));
  });
  const caps = { visitsPerNode: 10, steps: 10 * size, tokens: null, usd: null, wallMs: null };
  return aPlan({ nodes: ids.map((id) => agent(id)), edges, policies: { caps } });
}

/** Plays a run with workers that answer at once; returns the number of events. */
function playToEnd(plan: Plan): number {
  let run: Run = newRun({ id: 'R1', plan, starter: 'alice', params: {}, headSha: null });
  let events = 0;
  let clock = Date.UTC(2026, 0, 1);
  const queue: string[] = [];
  const apply = (event: Happening): void => {
    clock += 10;
    const next = transition(plan, run, { ...event, at: new Date(clock).toISOString() });
    run = next.run;
    events += 1;
    for (const effect of next.effects) {
      if (effect.type === 'execute-node') queue.push(effect.node);
    }
  };
  apply({ type: 'run.started' });
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    apply({ type: 'node.started', node, visit: 1, execution: node, snapshot: null });
    apply({ type: 'node.finished', node, visit: 1, attempt: 1, result: RESULT });
  }
  if (run.status !== 'succeeded') throw new Error(`The run is ${run.status}`);
  return events;
}
