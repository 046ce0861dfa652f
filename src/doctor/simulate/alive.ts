import { approvalOf } from '../../engine/state/approval-policy.ts';
import { edgesOutOf, type GraphIndex, indexOf, reach } from '../../engine/state/graph-index.ts';
import { graphOf } from '../../engine/state/new-run.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import type { Frame, FrameId, NodeKey, NodeStatus, Run } from '../../engine/state/run.ts';
import { isComposite, isExecuted, kindOf, ofKind } from '../../plan/kinds.ts';
import type { Plan, PlanNode } from '../../plan/plan.ts';

const OVER: ReadonlySet<NodeStatus> = new Set([
  'completed',
  'failed',
  'skipped',
  'cancelled',
  'blocked',
]);

/**
 * Nodes that may still run, now or again. What loops and gates have used up anywhere else has no
 * bearing on what is to come.
 */
export class Alive {
  readonly #plan: Plan;
  readonly #run: Run;
  readonly #frames = new Map<FrameId, ReadonlySet<string>>();
  readonly #again = new Map<FrameId, ReadonlySet<string>>();

  constructor(plan: Plan, run: Run) {
    this.#plan = plan;
    this.#run = run;
  }

  has(key: NodeKey): boolean {
    const { frame, id } = splitKey(key);
    return this.in(frame).has(id);
  }

  in(id: FrameId): ReadonlySet<string> {
    const known = this.#frames.get(id);
    if (known !== undefined) return known;
    const frame = this.#run.frames[id];
    if (frame === undefined) return new Set();
    const index = indexOf(graphOf(this.#plan, frame.graph));
    const all = index.graph.nodes.map((node) => node.id);
    const returns = returnsIn(this.#plan, index);
    const isWhole = this.#isReopenable(frame) || index.graph.mode === 'state-machine';
    const open = isWhole ? all : all.filter((node) => this.#isOpen(id, node));
    const alive = new Set(open);
    const again = new Set<string>();
    for (let grown = true; grown; ) {
      grown = false;
      for (const { from, to } of returns) {
        if (!alive.has(from) || again.has(to)) continue;
        grown = true;
        for (const node of downstream(index, to)) {
          alive.add(node);
          again.add(node);
        }
      }
    }
    this.#frames.set(id, alive);
    this.#again.set(id, this.#isReopenable(frame) ? new Set(all) : again);
    return alive;
  }

  #isOpen(frame: FrameId, node: string): boolean {
    const { status, nodes } = this.#run.frames[frame] ?? {};
    return status === 'running' && !OVER.has(nodes?.[node]?.status ?? 'completed');
  }

  /** The node that opened it may do so again. */
  #isReopenable({ parent }: Frame): boolean {
    if (parent === null) return false;
    const { frame, id } = splitKey(parent);
    this.in(frame);
    return this.#again.get(frame)?.has(id) === true;
  }
}

interface Return {
  readonly from: string;
  readonly to: string;
}

const returnsOfGraph = new WeakMap<GraphIndex, readonly Return[]>();

/** Every way back of a graph: its loops, its gates' revisions, and work that is redone. */
function returnsIn(plan: Plan, index: GraphIndex): readonly Return[] {
  const known = returnsOfGraph.get(index);
  if (known !== undefined) return known;
  const { nodes, loops } = index.graph;
  const returns = [
    ...loops.map(({ from, to }) => ({ from, to })),
    ...nodes.flatMap((node) => revisionsOf(node).map((to) => ({ from: node.id, to }))),
    ...nodes.flatMap((node) => returnsOutOf(plan, index, node)),
  ];
  returnsOfGraph.set(index, returns);
  return returns;
}

function revisionsOf(node: PlanNode): readonly string[] {
  const own = isExecuted(node) || node.disposition === 'checkpoint' ? [node.id] : [];
  const to = approvalOf(node)?.revise?.to;
  const subject = ofKind(node, 'approval')?.subject ?? null;
  return [...own, ...(to === undefined ? [] : [to]), ...(subject === null ? [] : [subject])];
}

/** Revisions of gates inside a group or foreach that lead to a step beside it. */
function returnsOutOf(plan: Plan, index: GraphIndex, node: PlanNode): readonly Return[] {
  return membersOf(plan, node)
    .flatMap((member) => approvalOf(member)?.revise?.to ?? [])
    .filter((to) => index.nodes.has(to))
    .map((to) => ({ from: node.id, to }));
}

function membersOf(plan: Plan, node: PlanNode): readonly PlanNode[] {
  if (!isComposite(node) || kindOf(node).isOwnFile) return [];
  return graphOf(plan, node.graph).nodes.flatMap((member) => [member, ...membersOf(plan, member)]);
}

function downstream(index: GraphIndex, id: string): ReadonlySet<string> {
  return new Set([id, ...reach(id, (from) => edgesOutOf(index, from).map(({ to }) => to))]);
}
