import type { PlanNode } from '../workflow/plan.ts';
import { splitKey } from './node-key.ts';
import type { Frame } from './run.ts';
import type { View } from './view.ts';
import { frameIndex } from './view.ts';

/** True when the flow goes on after this node has failed for good. */
export function toleratesFailure(view: View, frame: Frame, node: PlanNode): boolean {
  if (node.disposition === 'optional' || node.finally) return true;
  const parent = parentNode(view, frame);
  return parent?.kind === 'group' && parent.onMemberFailure === 'continue';
}

/** The composite node a frame belongs to; undefined for the root. */
export function parentNode(view: View, frame: Frame): PlanNode | undefined {
  if (frame.parent === null) return undefined;
  const { frame: outer, id } = splitKey(frame.parent);
  const outerFrame = view.frames[outer];
  return outerFrame && frameIndex(view, outerFrame).nodes.get(id);
}
