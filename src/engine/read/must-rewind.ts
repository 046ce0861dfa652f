import type { PlanNode } from '../../plan/plan.ts';
import type { NodeState } from '../state/run.ts';

/**
 * True while a worker has to take the files back before the node may go on. What a worker executes
 * itself does that on its way.
 */
export function mustRewind({ kind }: PlanNode, state: NodeState): boolean {
  if (kind === 'agent' || kind === 'auto') return false;
  const { loopContext, snapshot, phase } = state;
  return loopContext?.workspace === 'rewind' && snapshot !== null && phase === null;
}
