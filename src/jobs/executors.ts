import type { NodeKind } from '../workflow/plan.ts';
import { executeAgent } from './execute-agent.ts';
import { executeAuto } from './execute-auto.ts';
import { executeComposite } from './execute-composite.ts';
import type { Attempt, Executed } from './execute-node.ts';
import type { JobDeps } from './job-deps.ts';

type Executor = (deps: JobDeps, attempt: Attempt) => Promise<Executed>;

/** How each kind of node is executed. Kinds the engine settles by itself are never queued. */
export const EXECUTORS: Readonly<Record<NodeKind, Executor>> = {
  agent: executeAgent,
  auto: executeAuto,
  gate: settledByEngine,
  approval: settledByEngine,
  call: executeComposite,
  foreach: executeComposite,
  group: executeComposite,
  noop: settledByEngine,
};

async function settledByEngine(_deps: JobDeps, { node }: Attempt): Promise<Executed> {
  throw new Error(`${node} has nothing to execute`);
}
