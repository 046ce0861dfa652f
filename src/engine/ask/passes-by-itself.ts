import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';

/** Batch approval lets later stops pass; what the workflow asks for by name is still asked. */
export function passesByItself(draft: Draft, place: Place): boolean {
  if (!place.node.stopPoint || !draft.run.autonomous) return false;
  draft.record('stop-passed', { place, reasonCode: 'autonomous' });
  return true;
}
