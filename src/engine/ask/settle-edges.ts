import type { Draft } from '../state/draft.ts';
import { matches } from '../state/edge-state.ts';
import { edgesOutOf } from '../state/graph-index.ts';
import type { Place } from '../state/place.ts';
import type { NodeState } from '../state/run.ts';

/** Decides the edges that leave a node which came to an end, and wakes what they lead to. */
export function settleEdges(
  draft: Draft,
  place: Place,
  exits: 'as-answered' | 'all' | 'none',
): void {
  draft.updateNode(place, { exits });
  for (const edge of edgesOutOf(place.index, place.node.id)) draft.wake(place.frame + edge.to);
}

/** True when at least one way leads on from the node's answer. */
export function leadsOn(place: Place, state: NodeState): boolean {
  return edgesOutOf(place.index, place.node.id).some((edge) => matches(edge, state));
}

/** True when a condition that somebody wrote expects this answer. */
export function isExpected(place: Place, state: NodeState): boolean {
  return edgesOutOf(place.index, place.node.id).some(
    (edge) => edge.when.type !== 'always' && matches(edge, state),
  );
}
