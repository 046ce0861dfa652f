import { kindOf } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import type { Draft } from '../state/draft.ts';
import { ancestorsOf } from '../state/graph-index.ts';
import type { Place } from '../state/place.ts';
import { findPlace } from '../state/place.ts';

export interface RevisionWay {
  /** The gate's own step, or the group or foreach around it that is on the target's level. */
  readonly from: Place;
  readonly target: PlanNode;
}

/** How a gate's work goes back to a step of its own list or an outer one; null if it cannot. */
export function revisionWay(draft: Draft, place: Place, to: string): RevisionWay | null {
  for (let from: Place | null = place; from !== null; from = around(draft, from)) {
    const target = from.index.nodes.get(to);
    if (target === undefined) continue;
    const leavesFinaliser = place.node.finally && !target.finally;
    return !leavesFinaliser && canGoBack(from, target) ? { from, target } : null;
  }
  return null;
}

/** A called workflow is its own file: its names do not reach outside. */
function around(draft: Draft, { frame }: Place): Place | null {
  const { parent } = draft.frame(frame);
  const owner = parent === null ? null : findPlace(draft, parent);
  return owner !== null && kindOf(owner.node).isOwnFile ? null : owner;
}

/** Going back leads to a step the node came from, and never out of the finalisers. */
function canGoBack({ node, index }: Place, target: PlanNode): boolean {
  if (node.finally && !target.finally) return false;
  if (index.graph.mode === 'state-machine' || target.id === node.id) return true;
  return ancestorsOf(index, node.id).has(target.id);
}
