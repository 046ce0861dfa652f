import type { Draft } from '../state/draft.ts';
import { ROOT } from '../state/node-key.ts';
import { findPlace } from '../state/place.ts';
import { openGate } from './open-gate.ts';
import { voidOpenGates } from './void-gates.ts';
import { stopClock } from './work-clock.ts';

/** Ends the run. An escalated one may open a gate that asks a person how to go on. */
export function endRun(draft: Draft): void {
  const status = draft.run.pendingOutcome ?? 'succeeded';
  voidOpenGates(draft, 'run-ended');
  stopClock(draft);
  if (status === 'escalated') askForHelp(draft);
  draft.record('run-settled', {
    reasonCode: status,
    detail: draft.run.reason?.message ?? null,
  });
  draft.settle({ status, settledAt: draft.at, pendingOutcome: null });
}

function askForHelp(draft: Draft): void {
  const failure = draft.frame(ROOT).failure;
  const place = failure === null ? null : findPlace(draft, failure.node);
  if (failure === null || place === null) return;
  openGate(draft, place, { kind: 'escalation', when: 'after', trigger: failure.message });
}
