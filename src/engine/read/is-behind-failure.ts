import type { Draft } from '../state/draft.ts';
import { ancestorsOf } from '../state/graph-index.ts';
import type { Place } from '../state/place.ts';
import { isDefeated } from './tolerates-failure.ts';

/** True when a node before this one has failed and stays failed; `isFree` names the exceptions. */
export function isBehindFailure(
  draft: Draft,
  place: Place,
  isFree: (id: string) => boolean,
): boolean {
  const { nodes } = draft.frame(place.frame);
  for (const id of ancestorsOf(place.index, place.node.id)) {
    const state = nodes[id];
    if (state !== undefined && isDefeated(state) && !isFree(id)) return true;
  }
  return false;
}
