import type { Loop } from '../workflow/plan.ts';
import type { Defeat } from './defeat.ts';
import type { Draft } from './draft.ts';
import { loopState } from './loops.ts';
import type { Place } from './place.ts';
import type { Reason } from './run.ts';

/** Notes that a loop is used up, and why the node it should have healed has no way on. */
export function exhaust(draft: Draft, place: Place, loop: Loop, why: Reason): Defeat {
  draft.setLoop(place.frame, loop.id, { ...loopState(draft, place, loop), exhausted: why.code });
  draft.record('loop-exhausted', { place, reasonCode: why.code, detail: why.message });
  return { ...why, escalate: loop.onExhaust === 'escalate', loop: loop.id, culprit: null };
}
