import { nameOf, startBenchApp } from '../app/bench-app.ts';
import { chainWorkflow } from '../app/chain.ts';
import type { Effort, Figure } from '../measure/figure.ts';
import { cpuSeconds, watchMemory } from '../measure/process-tree.ts';
import { median } from '../measure/statistics.ts';

const STEPS = 5;

/** Many runs started at the same moment, until GitHub shows the last of them as done. */
export async function measureAtOnce(effort: Effort): Promise<Figure[]> {
  const runs = effort.quick ? 5 : 20;
  const workflow = `chain-${STEPS}`;
  const app = await startBenchApp({
    database: 'pglite',
    workflows: { [workflow]: chainWorkflow(STEPS) },
  });
  try {
    await app.play(workflow);
    await app.settled();
    effort.say(`${runs} runs at once`);
    const memory = watchMemory(app.pid);
    const cpuBefore = cpuSeconds(app.pid);
    const started = performance.now();
    const played = await Promise.all(Array.from({ length: runs }, () => app.play(workflow)));
    const seconds = (performance.now() - started) / 1_000;
    const peak = memory.stop();
    await app.settled();
    const cpu = cpuSeconds(app.pid) - cpuBefore;
    const note = `${runs} runs of ${STEPS} steps, each with an agent process of its own, 4 steps at a time, ${nameOf('pglite')}`;
    return [
      { name: 'at-once.wall', value: seconds, unit: 's', n: runs, note },
      { name: 'at-once.rate', value: runs / seconds, unit: 'runs/s', n: runs, note },
      {
        name: 'at-once.one-run',
        value: median(played.map(({ wallMs }) => wallMs)),
        unit: 'ms',
        n: runs,
        note: 'median from label to done among them',
      },
      { name: 'at-once.cpu', value: (cpu * 1_000) / runs, unit: 'ms/run', n: runs, note },
      {
        name: 'at-once.peak-memory',
        value: peak,
        unit: 'MB',
        n: 1,
        note: 'PSS of the process tree, seen every 200 ms',
      },
    ];
  } finally {
    await app.close();
  }
}
