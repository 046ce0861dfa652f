import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import { lookUpFrom } from './look-up.ts';
import { outputsFor } from './visible-outputs.ts';

/** Name of a required result that is on a dead path; null if all are there. */
export function missingInput(draft: Draft, place: Place): string | null {
  const { requiredInputs, id } = place.node;
  if (requiredInputs.length === 0) return null;
  const visible = outputsFor(draft, place.frame, id, false);
  const find = lookUpFrom(draft, place.frame, id, false);
  const missing = requiredInputs.find((name) => !visible.has(name) && find(name) === undefined);
  return missing ?? null;
}
