import type { Draft } from '../state/draft.ts';
import { matches } from '../state/edge-state.ts';
import { edgesOutOf } from '../state/graph-index.ts';
import type { Place } from '../state/place.ts';
import type { NodeState } from '../state/run.ts';

/** Decides the outgoing edges of a node that has ended, and wakes the nodes they lead to. */
export function settleEdges(
  draft: Draft,
  place: Place,
  exits: 'as-answered' | 'all' | 'none',
): void {
  draft.updateNode(place, { exits });
  for (const edge of edgesOutOf(place.index, place.node.id)) draft.wake(place.frame + edge.to);
}

/** True when the node's answer leaves at least one way on. */
export function leadsOn(place: Place, state: NodeState): boolean {
  return edgesOutOf(place.index, place.node.id).some((edge) => matches(edge, state));
}

/** True when an explicit condition expects this answer. */
export function isExpected(place: Place, state: NodeState): boolean {
  return edgesOutOf(place.index, place.node.id).some(
    (edge) => edge.when.type !== 'always' && matches(edge, state),
  );
}
