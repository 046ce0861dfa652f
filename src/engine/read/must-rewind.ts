import { isExecuted } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import type { NodeState } from '../state/run.ts';

/**
 * True while a worker has to take the files back before the node may go on. What a worker executes
 * itself does that on its way.
 */
export function mustRewind(node: PlanNode, state: NodeState): boolean {
  if (isExecuted(node)) return false;
  const { loopContext, snapshot, phase } = state;
  return loopContext?.workspace === 'rewind' && snapshot !== null && phase === null;
}
