import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import type { Handling } from '../state/handler.ts';
import { refuse } from '../state/handler.ts';
import { isSettled } from '../state/is-settled.ts';

/** Nothing new starts until the hold is lifted; whatever is running continues. */
export function runHeld(draft: Draft, event: Extract<RunEvent, { type: 'run.held' }>): Handling {
  if (isSettled(draft.run.status)) return refuse('settled', 'The run is over.');
  if (draft.run.held) return 'ignored';
  draft.update({ held: true });
  draft.record('run-held', { actor: event.by });
  return 'applied';
}

export function runUnheld(
  draft: Draft,
  event: Extract<RunEvent, { type: 'run.unheld' }>,
): Handling {
  if (!draft.run.held) return 'ignored';
  draft.update({ held: false });
  draft.record('run-unheld', { actor: event.by });
  return 'applied';
}
