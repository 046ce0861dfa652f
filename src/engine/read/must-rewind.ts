import { isExecuted } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import type { NodeState } from '../state/run.ts';

/**
 * True while a worker must rewind the files before the node may go on. A node that a worker
 * executes has this done along the way.
 */
export function mustRewind(node: PlanNode, state: NodeState): boolean {
  if (isExecuted(node)) return false;
  const { loopContext, snapshot, phase } = state;
  return loopContext?.workspace === 'rewind' && snapshot !== null && phase === null;
}
