import type { Edge } from '../workflow/plan.ts';
import type { Draft } from './draft.ts';
import { edgesOutOf } from './graph-index.ts';
import type { Place } from './place.ts';
import type { EdgeState, NodeState } from './run.ts';

/**
 * Decides the edges that leave a node which came to an end. `as-answered`: by its conditions;
 * `taken`: all of them, for a node that counts as done without an answer; `dead`: none.
 */
export function settleEdges(
  draft: Draft,
  place: Place,
  fate: 'as-answered' | 'taken' | 'dead',
): void {
  const state = draft.node(place);
  for (const edge of edgesOutOf(place.index, place.node.id)) {
    const settled = fate === 'as-answered' ? answerOf(edge, state) : fate;
    draft.setEdge(place.frame, edge.id, settled);
    draft.wake(place.frame + edge.to);
  }
}

/** True when at least one way leads on from the node's answer. */
export function leadsOn(place: Place, state: NodeState): boolean {
  return edgesOutOf(place.index, place.node.id).some((edge) => matched(edge, state));
}

/** True when a condition that somebody wrote expects this answer. */
export function isExpected(place: Place, state: NodeState): boolean {
  return edgesOutOf(place.index, place.node.id).some(
    (edge) => edge.when.type !== 'always' && matched(edge, state),
  );
}

export function matched(edge: Edge, state: NodeState): boolean {
  return edge.when.type === 'always' || state.verdicts[edge.id] === true;
}

function answerOf(edge: Edge, state: NodeState): EdgeState {
  return matched(edge, state) ? 'taken' : 'dead';
}
