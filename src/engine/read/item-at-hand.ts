import type { Draft } from '../state/draft.ts';
import { splitKey } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import type { FrameId } from '../state/run.ts';

const MAX_LENGTH = 2000;

/** The item of the innermost foreach around a place, as text; null if there is none. */
export function itemAtHand(draft: Draft, { frame }: Place): string | null {
  for (let id: FrameId | null = frame; id !== null; id = outside(draft, id)) {
    const { index, item } = draft.frame(id);
    if (index === null) continue;
    const text = typeof item === 'string' ? item : JSON.stringify(item);
    return text.slice(0, MAX_LENGTH);
  }
  return null;
}

function outside(draft: Draft, id: FrameId): FrameId | null {
  const { parent } = draft.frame(id);
  return parent === null ? null : splitKey(parent).frame;
}
