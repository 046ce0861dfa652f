import type { Draft } from './draft.ts';
import type { Place } from './place.ts';
import { findPlace } from './place.ts';
import type { NodeKey } from './run.ts';

/** True while a worker is busy with the node or about to be. */
export function isAtWork(draft: Draft, place: Place): boolean {
  const state = draft.node(place);
  return state.status === 'running' && state.phase !== 'members';
}

/** The node, if this exact attempt of it is at work; null if the attempt is over or unknown. */
export function findAttempt(
  draft: Draft,
  attempt: { readonly node: NodeKey; readonly visit: number; readonly attempt: number },
): Place | null {
  const place = findPlace(draft, attempt.node);
  if (place === null || !isAtWork(draft, place)) return null;
  const state = draft.node(place);
  return state.visit === attempt.visit && state.attempt === attempt.attempt ? place : null;
}
