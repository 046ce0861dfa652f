import type { Plan, PlanNode } from '../../plan/plan.ts';
import { splitKey } from './node-key.ts';
import type { Frame, NodeKey, NodeState, Run } from './run.ts';
import { frameIndex, viewOf } from './view.ts';

export interface NodeAt {
  readonly node: PlanNode;
  readonly state: NodeState;
  readonly frame: Frame;
}

/** A node of the run by its key; null when the run has no such node (yet). */
export function nodeAt(plan: Plan, run: Run, key: NodeKey): NodeAt | null {
  const { frame: frameId, id } = splitKey(key);
  const frame = run.frames[frameId];
  const state = frame?.nodes[id];
  if (frame === undefined || state === undefined) return null;
  const node = frameIndex(viewOf(plan, run), frame).nodes.get(id);
  return node === undefined ? null : { node, state, frame };
}
