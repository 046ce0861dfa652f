import { ofKind } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import { splitKey } from '../state/node-key.ts';
import type { Frame, NodeState } from '../state/run.ts';
import type { View } from '../state/view.ts';
import { frameIndex } from '../state/view.ts';

/** True when the flow goes on after this node has failed permanently. */
export function toleratesFailure(view: View, frame: Frame, node: PlanNode): boolean {
  if (node.disposition === 'optional' || node.finally) return true;
  const parent = ofKind(parentNode(view, frame), 'group');
  if (parent === null) return false;
  return parent.onMemberFailure === 'continue' || parent.completeWhen !== 'all';
}

/** Failed, and nothing goes on because of it. */
export function isDefeated(state: NodeState): boolean {
  return state.status === 'failed' && !state.forgiven;
}

/** The composite node a frame belongs to; undefined for the root. */
export function parentNode(view: View, frame: Frame): PlanNode | undefined {
  if (frame.parent === null) return undefined;
  const { frame: outer, id } = splitKey(frame.parent);
  const outerFrame = view.frames[outer];
  return outerFrame && frameIndex(view, outerFrame).nodes.get(id);
}
