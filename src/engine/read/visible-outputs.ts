import type { Json } from '../../plan/json.ts';
import { kindOf, ofKind } from '../../plan/kinds.ts';
import type { Plan, PlanNode } from '../../plan/plan.ts';
import type { GraphIndex } from '../state/graph-index.ts';
import { ancestorsOf } from '../state/graph-index.ts';
import { splitKey } from '../state/node-key.ts';
import type { Frame, FrameId, NodeKey, NodeState, Run } from '../state/run.ts';
import type { View } from '../state/view.ts';
import { frameIndex, framesOf, viewOf } from '../state/view.ts';

export interface VisibleOutput {
  readonly name: string;
  readonly node: NodeKey;
  readonly visit: number;
  /** Waived, or optional and failed: it is done but has nothing to say. */
  readonly empty: boolean;
  /** At most this many characters of it may be shown; null for no limit. */
  readonly cutTo: number | null;
  /** The members of a group, foreach or sub-workflow, in declared order; empty for other nodes. */
  readonly parts: readonly VisibleOutput[];
}

/**
 * The outputs a node may see: those upstream of it that are valid in this visit, then those its
 * frame's caller sees. Nothing from dead or reset nodes, nothing still waiting for approval.
 */
export function visibleOutputs(plan: Plan, run: Run, key: NodeKey): VisibleOutput[] {
  const { frame, id } = splitKey(key);
  return [...outputsFor(viewOf(plan, run), frame, id, false).values()];
}

/** Outputs with something meant for this very node, whether or not its inputs name them. */
export function outputsHandedTo(plan: Plan, run: Run, key: NodeKey): VisibleOutput[] {
  const { frame: frameId, id } = splitKey(key);
  const view = viewOf(plan, run);
  const frame = view.frames[frameId];
  if (frame === undefined) return [];
  const { nodes } = frameIndex(view, frame);
  return [...upstreamOf(view, frameId, id, false).values()].filter(({ node }) => {
    const from = splitKey(node);
    const maker = from.frame === frameId ? nodes.get(from.id) : undefined;
    return ofKind(maker, 'agent')?.handoffs.some(({ to }) => to === id) === true;
  });
}

/** By name; `own` includes what the node itself produced. */
export function outputsFor(
  view: View,
  frameId: FrameId,
  id: string,
  own: boolean,
): ReadonlyMap<string, VisibleOutput> {
  const seen = upstreamOf(view, frameId, id, own);
  const frame = view.frames[frameId];
  const viewer = frame && frameIndex(view, frame).nodes.get(id);
  return viewer === undefined || viewer.inputs === null ? seen : onlyWanted(seen, viewer);
}

function upstreamOf(
  view: View,
  frameId: FrameId,
  id: string,
  own: boolean,
): ReadonlyMap<string, VisibleOutput> {
  const frame = view.frames[frameId];
  if (frame === undefined) return new Map();
  const index = frameIndex(view, frame);
  const viewer = index.nodes.get(id);
  const seen = new Map<string, VisibleOutput>();
  for (const node of index.graph.nodes) {
    if (!(node.id === id ? own : isUpstream(index, viewer, node))) continue;
    for (const output of outputsOf(view, frameId, node)) seen.set(output.name, output);
  }
  for (const [name, output] of fromCaller(view, frame)) {
    if (!seen.has(name)) seen.set(name, output);
  }
  return seen;
}

function onlyWanted(
  seen: ReadonlyMap<string, VisibleOutput>,
  viewer: PlanNode,
): ReadonlyMap<string, VisibleOutput> {
  const wanted = new Set([...(viewer.inputs ?? []), ...viewer.requiredInputs, viewer.output]);
  return new Map([...seen].filter(([name]) => wanted.has(name)));
}

/** What a finished sub-workflow returns to its caller, under the names the caller knows. */
export function returnsOf(view: View, frameId: FrameId): VisibleOutput[] {
  const frame = view.frames[frameId];
  if (frame === undefined) return [];
  const { graph } = frameIndex(view, frame);
  const all = new Map<string, VisibleOutput>();
  for (const node of graph.nodes) {
    for (const output of outputsOf(view, frameId, node)) all.set(output.name, output);
  }
  if (graph.returns === null) return [...all.values()];
  return Object.entries(graph.returns).flatMap(([name, inside]) => {
    const output = all.get(inside);
    return output === undefined ? [] : [{ ...output, name }];
  });
}

/** The structured data behind an output, or its headline if it has none. */
export function dataOf(view: View, output: VisibleOutput): Json | undefined {
  const { frame, id } = splitKey(output.node);
  const result = view.frames[frame]?.nodes[id]?.result;
  if (result === undefined || result === null) return output.empty ? '' : undefined;
  return result.data ?? result.headline;
}

function isUpstream(index: GraphIndex, viewer: PlanNode | undefined, node: PlanNode): boolean {
  if (viewer === undefined) return false;
  if (index.graph.mode === 'state-machine' || viewer.finally) return true;
  if (node.output !== null && viewer.inputs?.includes(node.output) === true) return true;
  return ancestorsOf(index, viewer.id).has(node.id);
}

function outputsOf(view: View, frameId: FrameId, node: PlanNode): VisibleOutput[] {
  const state = view.frames[frameId]?.nodes[node.id];
  if (state === undefined || !counts(state)) return [];
  const key = frameId + node.id;
  const parts = partsOf(view, key, node, state);
  const inside = SPREADS[kindOf(node).spreads](node) ? parts : [];
  if (node.output === null) return inside;
  const own: VisibleOutput = {
    name: node.output,
    node: key,
    visit: state.visit,
    empty: state.status !== 'completed' && state.result === null,
    cutTo: state.result?.cutTo ?? null,
    parts,
  };
  return [...inside, own];
}

const SPREADS = {
  always: () => true,
  'unless-named': ({ output }: PlanNode) => output === null,
  never: () => false,
} as const;

function counts(state: NodeState): boolean {
  if (state.status === 'completed') return true;
  if (state.status === 'skipped') return state.reason?.code === 'waived';
  return state.status === 'failed' && state.forgiven;
}

function partsOf(view: View, key: NodeKey, node: PlanNode, state: NodeState): VisibleOutput[] {
  const frames = framesOf(view, key, node, state);
  if (kindOf(node).members !== 'items') return frames.flatMap(({ id }) => returnsOf(view, id));
  return frames
    .filter(({ frame }) => frame.status === 'completed')
    .map(({ id, frame }) => ({
      name: String(frame.index),
      node: id.slice(0, -1),
      visit: state.visit,
      empty: false,
      cutTo: null,
      parts: returnsOf(view, id),
    }));
}

function fromCaller(view: View, frame: Frame): ReadonlyMap<string, VisibleOutput> {
  if (frame.parent === null) return new Map();
  const { frame: parentFrame, id } = splitKey(frame.parent);
  return outputsFor(view, parentFrame, id, false);
}
