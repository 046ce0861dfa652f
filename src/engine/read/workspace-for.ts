import { type CompositeNode, isComposite, kindOf } from '../../plan/kinds.ts';
import type { Graph, Plan, PlanNode } from '../../plan/plan.ts';
import { graphOf } from '../state/new-run.ts';
import { splitKey } from '../state/node-key.ts';
import type { FrameId, NodeKey, Run } from '../state/run.ts';
import type { View } from '../state/view.ts';
import { frameIndex, framesOf, viewOf } from '../state/view.ts';
import { memberHead } from './member-trees.ts';
import { mustRewind } from './must-rewind.ts';
import { parentNode } from './tolerates-failure.ts';

export interface WorkspaceUse {
  /** `''` is the run's own worktree; otherwise the member that has its own worktree. */
  readonly tree: string;
  readonly mode: 'none' | 'read' | 'write';
}

/** Which worktree a node works in, and whether it may share it. */
export function workspaceFor(plan: Plan, run: Run, key: NodeKey): WorkspaceUse {
  const view = viewOf(plan, run);
  const { frame, id } = splitKey(key);
  const frameState = view.frames[frame];
  const node = frameState && frameIndex(view, frameState).nodes.get(id);
  return node === undefined ? { tree: '', mode: 'none' } : useOf(view, frame, node);
}

export function useOf(view: View, frame: FrameId, node: PlanNode): WorkspaceUse {
  const state = view.frames[frame]?.nodes[node.id];
  if (state?.phase === 'preflight') return { tree: '', mode: 'none' };
  if (state?.phase === 'merge' || (state !== undefined && mustRewind(node, state))) {
    return { tree: treeOf(view, frame, node), mode: 'write' };
  }
  if (node.workspace === 'none') return { tree: '', mode: 'none' };
  const mode = node.workspace === 'read' ? 'read' : 'write';
  return { tree: treeOf(view, frame, node), mode };
}

/** Worktrees of a composite's isolated members in declared order, with their last commit. */
export function isolatedCommits(
  plan: Plan,
  run: Run,
  key: NodeKey,
): { tree: string; commit: string }[] {
  const { frame, id } = splitKey(key);
  const view = viewOf(plan, run);
  const frameState = view.frames[frame];
  const node = frameState && frameIndex(view, frameState).nodes.get(id);
  return node === undefined ? [] : commitsToMerge(view, frame, node);
}

export function commitsToMerge(
  view: View,
  frame: FrameId,
  node: PlanNode,
): { tree: string; commit: string }[] {
  if (!isIsolating(view.plan, node)) return [];
  const last = new Map<string, string>();
  collectCommits(view, frame, node, treeOf(view, frame, node), last);
  return [...last].map(([tree, commit]) => ({ tree, commit }));
}

/** Commits of a member that did not end well are not collected. */
function collectCommits(
  view: View,
  frame: FrameId,
  node: PlanNode,
  home: string,
  last: Map<string, string>,
): void {
  const own = view.frames[frame]?.nodes[node.id];
  if (own === undefined) return;
  for (const inner of framesOf(view, frame + node.id, node, own)) {
    if (inner.frame.status === 'cancelled' || inner.frame.status === 'failed') continue;
    for (const member of frameIndex(view, inner.frame).graph.nodes) {
      const state = inner.frame.nodes[member.id];
      if (state?.status !== 'completed') continue;
      const tree = treeOf(view, inner.id, member);
      // A later round of the member may have changed nothing, and another step may have committed last.
      const commit = memberHead(view, tree) ?? state.commit;
      if (commit !== null && tree !== home) last.set(tree, commit);
      if (isComposite(member) && isInherited(member))
        collectCommits(view, inner.id, member, home, last);
    }
  }
}

/** Members of a group each get their own tree, those of a foreach one per item. */
export function treeOf(view: View, frameId: FrameId, node: PlanNode): string {
  const frame = view.frames[frameId];
  if (frame === undefined || frame.parent === null) return '';
  const parent = parentNode(view, frame);
  if (parent === undefined) return '';
  const { frame: outer } = splitKey(frame.parent);
  const around = () => treeOf(view, outer, parent);
  switch (kindOf(parent).trees) {
    case 'member':
      return isIsolated(view.plan, node) ? frameId + node.id : around();
    case 'item':
      return holdsIsolated(view.plan, graphOf(view.plan, frame.graph)) ? frameId : around();
    case 'around':
      return around();
  }
}

function isIsolating(plan: Plan, node: PlanNode): boolean {
  if (!isComposite(node) || isInherited(node)) return false;
  return holdsIsolated(plan, graphOf(plan, node.graph));
}

const isolating = new WeakMap<Graph, boolean>();

function holdsIsolated(plan: Plan, graph: Graph): boolean {
  const known = isolating.get(graph);
  if (known !== undefined) return known;
  isolating.set(graph, false);
  const found = graph.nodes.some((node) => isIsolated(plan, node));
  isolating.set(graph, found);
  return found;
}

function isIsolated(plan: Plan, node: PlanNode): boolean {
  if (node.workspace === 'isolated') return true;
  return isComposite(node) && isInherited(node) && holdsIsolated(plan, graphOf(plan, node.graph));
}

/** Its members work in the trees of whatever is around it. */
function isInherited(node: CompositeNode): boolean {
  return kindOf(node).trees === 'around';
}
