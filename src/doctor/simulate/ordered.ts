import { ROOT } from '../../engine/state/node-key.ts';
import type { FrameId, NodeKey, NodeState, Run } from '../../engine/state/run.ts';
import { frameIndex, framesOf, viewOf } from '../../engine/state/view.ts';
import type { Plan, PlanNode } from '../../plan/plan.ts';

export interface LiveNode {
  readonly key: NodeKey;
  readonly node: PlanNode;
  readonly state: NodeState;
}

/** The nodes of every running frame, outer before inner, in plan order. */
export function ordered(plan: Plan, run: Run): readonly LiveNode[] {
  const view = viewOf(plan, run);
  const found: LiveNode[] = [];
  const visit = (id: FrameId): void => {
    const frame = run.frames[id];
    if (frame === undefined || frame.status !== 'running') return;
    for (const node of frameIndex(view, frame).graph.nodes) {
      const state = frame.nodes[node.id];
      if (state === undefined) continue;
      const key = id + node.id;
      found.push({ key, node, state });
      if (state.phase !== 'members') continue;
      for (const inner of framesOf(view, key, node, state)) visit(inner.id);
    }
  };
  visit(ROOT);
  return found;
}
