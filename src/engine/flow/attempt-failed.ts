import { kindOf } from '../../plan/kinds.ts';
import { setNodeTimer, waive } from '../ask/evaluate-join.ts';
import { judge } from '../ask/judge.ts';
import { retryFor } from '../read/retry-policy.ts';
import type { Draft } from '../state/draft.ts';
import type { Failure } from '../state/event.ts';
import type { Place } from '../state/place.ts';
import { laterBy } from '../state/time.ts';
import { concludeFailure } from './conclude.ts';
import type { Defeat } from './defeat.ts';
import { defeat } from './defeat.ts';

/** Failures that a loop may heal; the others would only fail again. */
const HEALABLE: ReadonlySet<Failure['class']> = new Set(['execution', 'validation']);

/** A command that hangs points at what it ran on; an agent that ran out of time has found no fault. */
function mayHeal({ node }: Place, failure: Failure): boolean {
  return (
    HEALABLE.has(failure.class) ||
    (failure.class === 'timeout' && kindOf(node).worker === 'machine')
  );
}

/** An attempt failed: try again, let a loop heal it, or give up on the node. */
export function attemptFailed(
  draft: Draft,
  place: Place,
  failure: Failure,
  text: string,
  why: Defeat = defeat(failure.reason, failure.message),
): void {
  if (isWaived(place, failure)) return waive(draft, place, failure.message, null);
  const retry = retryFor(place.node, draft.node(place), failure);
  if (retry !== null) {
    const { kind, delayMs } = retry;
    draft.record(kind, { place, reasonCode: failure.reason, detail: failure.message });
    return tryAgain(draft, place, kind === 'transient-retry' ? 'transient' : 'retry', delayMs);
  }
  const error = { class: failure.class, reason: failure.reason, message: failure.message };
  const verdicts = judge(draft, place, { outcome: 'revise', data: { error }, text });
  draft.updateNode(place, { verdicts, reason: { code: why.code, message: why.message } });
  concludeFailure(draft, place, why, mayHeal(place, failure));
}

/** Tries the same visit again. Only a plain retry counts, and asks for individual consent again. */
export function tryAgain(
  draft: Draft,
  place: Place,
  because: 'retry' | 'transient' | 'interrupted',
  delayMs: number,
): void {
  const state = draft.node(place);
  const notBefore = delayMs > 0 ? laterBy(draft.at, delayMs) : null;
  draft.updateNode(place, {
    status: 'ready',
    attempt: state.attempt + 1,
    retries: state.retries + (because === 'retry' ? 1 : 0),
    transientTries: state.transientTries + (because === 'transient' ? 1 : 0),
    interruptions: state.interruptions + (because === 'interrupted' ? 1 : 0),
    ...(because === 'retry' ? { gate: null, consent: null } : {}),
    ...(state.phase === 'members' ? { phase: null, items: null } : {}),
    ...(state.phase === 'preflight' ? { phase: null } : {}),
    execution: null,
    notBefore,
  });
  draft.touch(place.frame);
  if (notBefore !== null) setNodeTimer(draft, place, notBefore);
}

/** A tool or permission the node requires is missing: an optional node is skipped. */
function isWaived(place: Place, failure: Failure): boolean {
  const isOptional = place.node.disposition === 'optional' && place.index.graph.mode === 'graph';
  return isOptional && failure.reason === 'missing-requirement';
}
