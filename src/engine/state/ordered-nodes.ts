import { isComposite, kindOf } from '../../plan/kinds.ts';
import type { Graph, Plan, PlanNode } from '../../plan/plan.ts';
import type { GraphIndex } from './graph-index.ts';
import { indexOf } from './graph-index.ts';
import { idleNode } from './idle-node.ts';
import { graphOf } from './new-run.ts';
import { frameIdFor, ROOT } from './node-key.ts';
import type { Frame, FrameId, NodeKey, NodeState, Run } from './run.ts';
import type { View } from './view.ts';
import { frameIndex, framesOf, viewOf } from './view.ts';

/** One line of a step table. */
export interface NodeRow {
  readonly key: NodeKey;
  readonly node: PlanNode;
  readonly state: NodeState;
  /** 0 for the main graph, one more inside each sub-workflow, group or foreach member. */
  readonly depth: number;
  /** Index of the foreach member it belongs to; null outside any. */
  readonly member: number | null;
  /** The loop that comes back to this node, with its counter; null if there is none. */
  readonly loop: { readonly id: string; readonly count: number; readonly max: number } | null;
  /** True when another node of the same frame may run at the same time. */
  readonly parallel: boolean;
  /** True for a node whose members follow as their own rows. */
  readonly composite: boolean;
}

const MAX_DEPTH = 16;
const NOT_STARTED = idleNode(1);

/** Every node in plan order, members below the node they belong to, planned ones included. */
export function orderedNodes(plan: Plan, run: Run): NodeRow[] {
  const rows: NodeRow[] = [];
  const root = run.frames[ROOT];
  if (root !== undefined) addFrame(viewOf(plan, run), ROOT, root, { depth: 0, member: null }, rows);
  return rows;
}

interface Level {
  readonly depth: number;
  readonly member: number | null;
}

function addFrame(view: View, id: FrameId, frame: Frame, level: Level, rows: NodeRow[]): void {
  const index = frameIndex(view, frame);
  for (const node of index.graph.nodes) {
    const state = frame.nodes[node.id] ?? NOT_STARTED;
    const key = id + node.id;
    rows.push({ ...level, ...rowOf(index, node, frame), key, state });
    const depth = level.depth + 1;
    const frames = framesOf(view, key, node, state);
    for (const inner of frames) {
      addFrame(view, inner.id, inner.frame, { depth, member: inner.frame.index }, rows);
    }
    if (frames.length === 0) addPlanned(view.plan, key, node, depth, rows);
  }
}

/** Members that will exist once the node has started; a foreach's are not known yet. */
function addPlanned(
  plan: Plan,
  key: NodeKey,
  node: PlanNode,
  depth: number,
  rows: NodeRow[],
): void {
  if (!isComposite(node) || kindOf(node).members !== 'one' || depth > MAX_DEPTH) return;
  const index = indexOf(graphOf(plan, node.graph));
  for (const inner of index.graph.nodes) {
    const innerKey = frameIdFor(key, null) + inner.id;
    const row = rowOf(index, inner, null);
    rows.push({ ...row, key: innerKey, state: NOT_STARTED, depth, member: null });
    addPlanned(plan, innerKey, inner, depth + 1, rows);
  }
}

function rowOf(
  index: GraphIndex,
  node: PlanNode,
  frame: Frame | null,
): Pick<NodeRow, 'node' | 'loop' | 'parallel' | 'composite'> {
  const loop = index.graph.loops.find(({ to }) => to === node.id);
  const count = loop === undefined ? 0 : (frame?.loops[loop.id]?.count ?? 0);
  return {
    node,
    loop: loop === undefined ? null : { id: loop.id, count, max: loop.max },
    parallel: parallelNodes(index).has(node.id),
    composite: isComposite(node),
  };
}

const parallels = new WeakMap<Graph, ReadonlySet<string>>();

/** Nodes that are at the same distance from the start as another one. */
function parallelNodes(index: GraphIndex): ReadonlySet<string> {
  const known = parallels.get(index.graph);
  if (known !== undefined) return known;
  const regular = index.graph.nodes.filter((node) => !node.finally);
  const byRank = Map.groupBy(regular, (node) => index.rank.get(node.id) ?? 0);
  const shared = [...byRank.values()].filter((nodes) => nodes.length > 1).flat();
  const found =
    index.graph.mode === 'graph' ? new Set(shared.map((node) => node.id)) : new Set<string>();
  parallels.set(index.graph, found);
  return found;
}
