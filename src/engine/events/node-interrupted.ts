import { tryAgain } from '../flow/attempt-failed.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import { findAttempt } from '../state/find-attempt.ts';
import type { Handling } from '../state/handler.ts';

/** A worker hands its node back unfinished: another one takes it, and no retry is counted. */
export function nodeInterrupted(
  draft: Draft,
  event: Extract<RunEvent, { type: 'node.interrupted' }>,
): Handling {
  const place = findAttempt(draft, event);
  if (place === null) return 'ignored';
  draft.record('interrupted', { place, reasonCode: 'handed-back', detail: event.reason });
  tryAgain(draft, place, 'interrupted', 0);
  return 'applied';
}
