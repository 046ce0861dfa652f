import { attemptFailed } from '../flow/attempt-failed.ts';
import { MAX_CRASHES } from '../read/retry-policy.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import { isAtWork } from '../state/find-attempt.ts';
import type { Handling } from '../state/handler.ts';
import type { Place } from '../state/place.ts';
import { findPlace } from '../state/place.ts';

type Started = Extract<RunEvent, { type: 'node.started' }>;

/** A worker takes a node. If another one had it, that one is dead and this is a new attempt. */
export function nodeStarted(draft: Draft, event: Started): Handling {
  const place = findPlace(draft, event.node);
  if (place === null || !isWantedHere(draft, place, event)) return 'ignored';
  const state = draft.node(place);
  if (state.execution === event.execution) return 'ignored';
  if (state.execution === null) return firstStart(draft, place, event);
  takeOver(draft, place, event);
  return 'applied';
}

function isWantedHere(draft: Draft, place: Place, event: Started): boolean {
  const state = draft.node(place);
  if (!isAtWork(draft, place) || state.visit !== event.visit) return false;
  return event.attempt === undefined || event.attempt === state.dispatched;
}

function firstStart(draft: Draft, place: Place, event: Started): Handling {
  const { startedAt, snapshot, phase } = draft.node(place);
  const begun = { startedAt: startedAt ?? draft.at, snapshot: snapshot ?? event.snapshot };
  draft.updateQuietly(place, {
    execution: event.execution,
    ...(phase === 'preflight' ? {} : begun),
  });
  if (phase === 'preflight') return 'noted';
  draft.record('node-started', { place });
  return 'noted';
}

function takeOver(draft: Draft, place: Place, event: Started): void {
  const state = draft.node(place);
  draft.record('interrupted', { place, reasonCode: 'crashed' });
  draft.updateNode(place, {
    attempt: state.attempt + 1,
    interruptions: state.interruptions + 1,
    crashes: state.crashes + 1,
    execution: event.execution,
  });
  if (state.crashes < MAX_CRASHES) return draft.record('node-started', { place });
  const message = `Its worker died ${state.crashes + 1} times.`;
  const reason = 'interrupted-too-often';
  const failure = { class: 'configuration', reason, message, retryAfterMs: null } as const;
  attemptFailed(draft, place, failure, message);
}
