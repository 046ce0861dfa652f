import type { Draft } from '../state/draft.ts';
import type { Handling } from '../state/handler.ts';
import { ROOT } from '../state/node-key.ts';
import { livePlacesOf } from '../state/place.ts';
import type { Breach } from '../state/run.ts';
import { elapsedMs, laterBy } from '../state/time.ts';
import { stopRun } from './stop-run.ts';

/** Work begins. A step that never ends is stopped when the run's time is up. */
export function startClock(draft: Draft): void {
  draft.update({ workSince: draft.at });
  const { wallMs } = draft.plan.policies.caps;
  if (wallMs === null) return;
  const left = Math.max(0, wallMs - workedMs(draft)) + 1;
  draft.effect({ type: 'set-timer', timer: `work:${draft.at}`, at: laterBy(draft.at, left) });
}

/** Work has stopped: the time since it began is added up. */
export function stopClock(draft: Draft): void {
  const { workSince, counters } = draft.run;
  if (workSince === null) return;
  const workMs = counters.workMs + elapsedMs(workSince, draft.at);
  draft.update({ workSince: null, counters: { ...counters, workMs } });
}

/** The limit on working time, if it is exceeded. */
export function timeCapReached(draft: Draft): Breach | null {
  const { wallMs } = draft.plan.policies.caps;
  if (wallMs === null || workedMs(draft) <= wallMs) return null;
  const minutes = Math.round(wallMs / 60_000);
  return { code: 'time-cap', message: `The run worked for ${minutes} minutes.`, pause: false };
}

/** The run's time may be up while a step is still working: both end. */
export function checkClock(draft: Draft): Handling {
  const breach = timeCapReached(draft);
  const place = livePlacesOf(draft, ROOT).find((live) => draft.node(live).status === 'running');
  if (breach === null || place === undefined || draft.frame(ROOT).ending !== null) return 'ignored';
  const { code, message } = breach;
  stopRun(draft, {
    outcome: draft.plan.policies.escalation === null ? 'failed' : 'escalated',
    reason: { code, message: `${place.key}: ${message}` },
    because: code,
    failure: { code, message, node: place.key, escalate: false, loop: null },
  });
  return 'applied';
}

function workedMs(draft: Draft): number {
  const { counters, workSince } = draft.run;
  const now = workSince === null ? 0 : elapsedMs(workSince, draft.at);
  return counters.workMs - counters.base.workMs + now;
}
