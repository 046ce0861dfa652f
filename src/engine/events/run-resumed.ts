import { reopenRun } from '../decide/reopen.ts';
import type { Draft } from '../state/draft.ts';
import type { RunEvent } from '../state/event.ts';
import type { Handling } from '../state/handler.ts';
import { refuse } from '../state/handler.ts';
import { isSettled } from '../state/is-settled.ts';
import { findPlace } from '../state/place.ts';
import { resumeAt } from './head-moved.ts';

/** A person lets a run that is over continue from where it stopped. */
export function runResumed(
  draft: Draft,
  event: Extract<RunEvent, { type: 'run.resumed' }>,
): Handling {
  const { status } = draft.run;
  if (!isSettled(status)) return refuse('still-running', 'The run is not over.');
  if (status === 'succeeded') return refuse('nothing-to-resume', 'The run has succeeded.');
  const { by, node, guidance, headSha = null, headOf } = event;
  if (node !== null && !isStopped(draft, node)) {
    return refuse('nothing-to-resume', `Step "${node}" has not failed.`);
  }
  const advice = guidance === null ? [] : [{ by, text: guidance, at: draft.at }];
  const reopen = () => reopenRun(draft, { by, only: node, guidance: advice, spared: null });
  if (headSha === null) reopen();
  else resumeAt(draft, { headSha, by, ...(headOf !== undefined && { headOf }) }, reopen);
  return 'applied';
}

function isStopped(draft: Draft, key: string): boolean {
  const place = findPlace(draft, key);
  if (place === null) return false;
  const { status } = draft.node(place);
  return status === 'failed' || status === 'cancelled' || status === 'blocked';
}
