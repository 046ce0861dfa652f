import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAcknowledge } from './figures/acknowledge.ts';
import { measureAtOnce } from './figures/at-once.ts';
import { measureCheckout } from './figures/checkout.ts';
import { measureEngine } from './figures/engine.ts';
import { measureQueue } from './figures/queue.ts';
import { measureSteps } from './figures/steps.ts';
import { measureWaitingRuns } from './figures/waiting-runs.ts';
import { measureWorkflowFiles } from './figures/workflow-files.ts';
import { type Benchmark, type Effort, rounded } from './measure/figure.ts';

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  acknowledge: measureAcknowledge,
  steps: measureSteps,
  'at-once': measureAtOnce,
  'waiting-runs': measureWaitingRuns,
  checkout: measureCheckout,
  engine: measureEngine,
  queue: measureQueue,
  'workflow-files': measureWorkflowFiles,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(
    `No such benchmark: ${unknown.join(', ')}. There are ${Object.keys(BENCHMARKS).join(', ')}.`,
  );
  process.exit(2);
}

// Lets what was started end with this process.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const started = performance.now();
const effort: Effort = {
  quick: values.quick,
  say(what) {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.error(`${seconds.padStart(7)} s  load ${loadavg()[0]?.toFixed(1)}  ${what}`);
  },
};
for (const [name, measure] of Object.entries(BENCHMARKS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  for (const figure of await measure(effort)) {
    console.log(JSON.stringify({ ...figure, value: rounded(figure.value) }));
  }
}
