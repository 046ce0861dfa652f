import { evaluateJoin } from '../ask/evaluate-join.ts';
import { startClock, stopClock } from '../ask/work-clock.ts';
import type { Draft } from '../state/draft.ts';
import { ROOT } from '../state/node-key.ts';
import { findPlace } from '../state/place.ts';
import { checkFrame } from './check-frame.ts';
import type { Floor } from './schedule.ts';
import { schedule } from './schedule.ts';

/** Works through everything an event leads to, until the run is waiting for the world again. */
export function advance(draft: Draft): void {
  if (draft.run.status === 'queued') return;
  settle(draft);
  const floor = schedule(draft, () => settle(draft));
  const root = draft.frame(ROOT);
  if (root.status !== 'running') return;
  if (root.draining !== draft.run.draining) draft.update({ draining: root.draining });
  updateStatus(draft, floor);
}

/** Joins first, then the ends of frames, inner ones before outer ones. */
function settle(draft: Draft): void {
  for (;;) {
    const key = draft.nextJoin();
    if (key !== undefined) {
      const place = findPlace(draft, key);
      if (place !== null) evaluateJoin(draft, place);
      continue;
    }
    const frame = draft.nextTouched();
    if (frame === undefined) return;
    checkFrame(draft, frame);
  }
}

function updateStatus(draft: Draft, { workers, waiting }: Floor): void {
  const { run } = draft;
  const isAsking = run.gates.some((gate) => gate.status === 'open');
  const status = workers === 0 && waiting === 0 && isAsking ? 'waiting' : 'running';
  if (run.status !== status) draft.update({ status });
  if (workers > 0 && run.workSince === null) startClock(draft);
  if (workers === 0) stopClock(draft);
}
