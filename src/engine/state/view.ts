import { kindOf } from '../../plan/kinds.ts';
import type { Plan, PlanNode } from '../../plan/plan.ts';
import type { GraphIndex } from './graph-index.ts';
import { indexOf } from './graph-index.ts';
import { graphOf } from './new-run.ts';
import { frameIdFor } from './node-key.ts';
import type { Frame, FrameId, NodeKey, NodeState, Run } from './run.ts';

/** What queries about a run need, whether it is saved or being changed. */
export interface View {
  readonly plan: Plan;
  readonly frames: Run['frames'];
  readonly params: Run['params'];
  readonly trees: Run['trees'];
}

export function viewOf(plan: Plan, run: Run): View {
  return { plan, frames: run.frames, params: run.params, trees: run.trees };
}

export function frameIndex(view: View, frame: Frame): GraphIndex {
  return indexOf(graphOf(view.plan, frame.graph));
}

/** A composite node's frames, open or closed, in its current visit; members in order. */
export function framesOf(
  view: View,
  key: NodeKey,
  node: PlanNode,
  state: NodeState,
): { id: FrameId; frame: Frame }[] {
  return frameIdsOf(key, node, state).flatMap((id) => {
    const frame = view.frames[id];
    return frame === undefined || frame.parentVisit !== state.visit ? [] : [{ id, frame }];
  });
}

function frameIdsOf(key: NodeKey, node: PlanNode, state: NodeState): FrameId[] {
  switch (kindOf(node).members) {
    case 'none':
      return [];
    case 'one':
      return [frameIdFor(key, null)];
    case 'items':
      return (state.items ?? []).map((_, index) => frameIdFor(key, index));
  }
}
