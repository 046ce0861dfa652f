import type { Draft } from './draft.ts';
import type { Place } from './place.ts';

/** True while a worker is, or is about to be, busy with the node. */
export function isAtWork(draft: Draft, place: Place): boolean {
  const state = draft.node(place);
  return state.status === 'running' && state.phase !== 'members';
}
