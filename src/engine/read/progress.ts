import type { Plan } from '../../plan/plan.ts';
import { orderedNodes } from '../state/ordered-nodes.ts';
import type { NodeKey, NodeStatus, Run } from '../state/run.ts';

export interface Progress {
  readonly done: number;
  readonly all: number;
  /** What is at work or waits for a person just now, in plan order. */
  readonly current: readonly NodeKey[];
}

const CURRENT: ReadonlySet<NodeStatus> = new Set([
  'running',
  'awaiting-input',
  'awaiting-approval',
]);
const OPEN: ReadonlySet<NodeStatus> = new Set([...CURRENT, 'idle', 'ready']);

/** Counts steps; a node whose members are listed counts as these, one that does nothing not at all. */
export function progress(plan: Plan, run: Run): Progress {
  const rows = orderedNodes(plan, run);
  const parents = new Set(rows.map(({ key }) => key.slice(0, key.lastIndexOf('/'))));
  const steps = rows.filter(
    ({ key, node, state }) =>
      node.kind !== 'noop' &&
      !parents.has(key) &&
      (state.items === null || state.items.length === 0),
  );
  return {
    done: steps.filter(({ state }) => !OPEN.has(state.status)).length,
    all: steps.length,
    current: steps.filter(({ state }) => CURRENT.has(state.status)).map(({ key }) => key),
  };
}
