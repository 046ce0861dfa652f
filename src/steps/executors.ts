import type { NodeKind } from '../plan/plan.ts';
import type { Attempt, Executed } from './attempt.ts';
import { executeAgent } from './execute-agent.ts';
import { executeAuto } from './execute-auto.ts';
import { executeComposite } from './execute-composite.ts';
import { executePreflight } from './execute-preflight.ts';
import { executeRewind } from './execute-rewind.ts';
import type { StepDeps } from './step-deps.ts';

type Executor = (deps: StepDeps, attempt: Attempt) => Promise<Executed>;

/** How each kind of node is executed. Those the engine settles itself have at most files to rewind. */
const EXECUTORS: Readonly<Record<NodeKind, Executor>> = {
  agent: executeAgent,
  auto: executeAuto,
  gate: executeRewind,
  approval: executeRewind,
  call: executeComposite,
  foreach: executeComposite,
  group: executeComposite,
  noop: executeRewind,
};

/** Before people are asked about a node, a worker only checks whether it can run. */
export function executorFor({ kind, phase }: Attempt): Executor {
  return phase === 'preflight' ? executePreflight : EXECUTORS[kind];
}
