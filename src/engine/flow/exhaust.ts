import type { Loop } from '../../plan/plan.ts';
import { loopState } from '../ask/loops.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import type { Reason } from '../state/run.ts';
import type { Defeat } from './defeat.ts';

/** Notes that a loop is used up, and why the node it should have healed cannot go on. */
export function exhaust(draft: Draft, place: Place, loop: Loop, why: Reason): Defeat {
  draft.setLoop(place.frame, loop.id, { ...loopState(draft, place, loop), exhausted: why.code });
  draft.record('loop-exhausted', { place, reasonCode: why.code, detail: why.message });
  return { ...why, escalate: loop.onExhaust === 'escalate', loop: loop.id, culprit: null };
}
