import type { Loop } from '../../plan/plan.ts';
import { failuresOf, goBack, loopState } from '../ask/loops.ts';
import { concludeAsPassed } from '../flow/conclude.ts';
import { addWarning } from '../flow/mark-finished.ts';
import type { Draft } from '../state/draft.ts';
import { loopsOutOf } from '../state/graph-index.ts';
import { isSettled } from '../state/is-settled.ts';
import { FRESH_LOOP } from '../state/new-frame.ts';
import type { Place } from '../state/place.ts';
import type { Guidance } from '../state/run.ts';
import type { Settle } from './close-gate.ts';
import { closeGate, guidanceOf } from './close-gate.ts';
import { reopenRun } from './reopen.ts';

/** Runs the failed node again, unchanged. */
export const retry: Settle = (draft, place, gate, event) => {
  closeGate(draft, gate, event);
  wakeRun(draft, place, event.by);
  refreshLoops(draft, place);
  again(draft, place, place.node.id, 'retry', []);
  return 'applied';
};

/** With a person's advice: from where a used-up loop would have gone back to, else from here. */
export const guide: Settle = (draft, place, gate, event) => {
  closeGate(draft, gate, event);
  const usedUp = usedUpLoop(draft, place);
  wakeRun(draft, place, event.by);
  refreshLoops(draft, place);
  again(draft, place, usedUp?.to ?? place.node.id, 'guide', guidanceOf(event));
  return 'applied';
};

/** The node passes because a person says so, and that is recorded. */
export const override: Settle = (draft, place, gate, event) => {
  closeGate(draft, gate, event);
  wakeRun(draft, place, event.by);
  const why = event.text === null ? '' : `: ${event.text}`;
  addWarning(draft, place, `Overridden by ${event.by}${why}`);
  concludeAsPassed(draft, place);
  return 'applied';
};

/** The agent does not ask the answered questions again: it starts over with the answers. */
export const answer: Settle = (draft, place, gate, event) => {
  closeGate(draft, gate, event);
  again(draft, place, place.node.id, 'answer', guidanceOf(event));
  return 'applied';
};

/** An escalated run is over until somebody answers; then everything that failed continues. */
function wakeRun(draft: Draft, place: Place, by: string): void {
  if (!isSettled(draft.run.status)) return;
  reopenRun(draft, { by, only: null, guidance: [], spared: place.key });
}

function again(
  draft: Draft,
  place: Place,
  target: string,
  loop: string,
  guidance: readonly Guidance[],
): void {
  const { visit } = draft.node(place);
  goBack(draft, place, target, {
    loop,
    iteration: visit,
    max: draft.plan.policies.caps.visitsPerNode,
    failures: failuresOf(draft.node(place)),
    guidance,
    cooldownMs: 0,
    workspace: 'keep',
  });
}

function usedUpLoop(draft: Draft, place: Place): Loop | null {
  return (
    loopsOutOf(place.index, place.node.id).find(
      (loop) => loopState(draft, place, loop).exhausted !== null,
    ) ?? null
  );
}

function refreshLoops(draft: Draft, place: Place): void {
  for (const loop of loopsOutOf(place.index, place.node.id)) {
    draft.setLoop(place.frame, loop.id, FRESH_LOOP);
  }
}
