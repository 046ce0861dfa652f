import { edgesInto, indexOf } from '../engine/graph-index.ts';
import { ROOT } from '../engine/node-key.ts';
import type { FrameId, NodeKey, NodeState, Run } from '../engine/run.ts';
import { framesOf, viewOf } from '../engine/view.ts';
import type { Graph, Plan, PlanNode } from '../workflow/plan.ts';

/** One step as reports list it: steps of sub-workflows and groups follow the step that opened them. */
export interface StepRow {
  readonly key: NodeKey;
  readonly node: PlanNode;
  readonly state: NodeState;
  readonly depth: number;
  /** Number of the member it belongs to, for the first step of a foreach member. */
  readonly member: number | null;
  /** Other steps wait for the same predecessors, so they run at the same time. */
  readonly isParallel: boolean;
  readonly loops: readonly { readonly count: number; readonly max: number }[];
}

export function stepRows(plan: Plan, run: Run): readonly StepRow[] {
  return rowsOf(plan, run, ROOT, 0, null);
}

/** The steps of the workflow itself, which progress is counted in. */
export function mainRows(plan: Plan, run: Run): readonly StepRow[] {
  return stepRows(plan, run).filter(({ depth }) => depth === 0);
}

/** How often it was started, over all visits and attempts. */
export function triesOf(state: NodeState): number {
  const isNew = state.startedAt === null ? 1 : 0;
  return state.visit - 1 + state.attempt - isNew;
}

function rowsOf(
  plan: Plan,
  run: Run,
  frameId: FrameId,
  depth: number,
  member: number | null,
): StepRow[] {
  const frame = run.frames[frameId];
  const graph = frame && plan.graphs[frame.graph];
  if (graph === undefined) return [];
  const parallel = parallelNodes(graph);
  return graph.nodes.flatMap((node, position) => {
    const state = frame?.nodes[node.id];
    if (state === undefined) return [];
    const key = frameId + node.id;
    const loops = graph.loops
      .filter(({ from }) => from === node.id)
      .map(({ id, max }) => ({ count: frame?.loops[id]?.count ?? 0, max }));
    const own: StepRow = {
      key,
      node,
      state,
      depth,
      member: position === 0 ? member : null,
      isParallel: parallel.has(node.id),
      loops,
    };
    const children = framesOf(viewOf(plan, run), key, node, state).flatMap((child) =>
      rowsOf(plan, run, child.id, depth + 1, child.frame.index),
    );
    return [own, ...children];
  });
}

/** Steps that share all their predecessors with another one. */
function parallelNodes(graph: Graph): ReadonlySet<string> {
  if (graph.mode === 'state-machine' || graph.maxParallel === 1) return new Set();
  const index = indexOf(graph);
  const bySource = Map.groupBy(graph.nodes, ({ id }) =>
    edgesInto(index, id)
      .map(({ from }) => from)
      .toSorted()
      .join('\n'),
  );
  const together = [...bySource.values()].filter(({ length }) => length > 1);
  return new Set(together.flat().map(({ id }) => id));
}
