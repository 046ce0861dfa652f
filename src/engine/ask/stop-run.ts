import type { Draft } from '../state/draft.ts';
import { ROOT } from '../state/node-key.ts';
import { placesOf } from '../state/place.ts';
import type { FrameFailure, Reason, RunStatus } from '../state/run.ts';
import { cancelNode, cancelNodes } from './stop-nodes.ts';
import { voidOpenGates } from './void-gates.ts';

export interface Stop {
  readonly outcome: RunStatus;
  readonly reason: Reason;
  /** The reason given to every node that is stopped. */
  readonly because: string;
  readonly failure: FrameFailure | null;
}

/** Ends the run now: stops running work and closes gates; only finalisers may still run. */
export function stopRun(draft: Draft, { outcome, reason, because, failure }: Stop): void {
  if (draft.frame(ROOT).ending !== null) return stopFinalisers(draft, because);
  cancelNodes(draft, ROOT, because);
  voidOpenGates(draft, because);
  draft.updateFrame(ROOT, {
    draining: true,
    ending: failure === null ? 'cancelled' : 'failed',
    failure: failure ?? draft.frame(ROOT).failure,
  });
  draft.update({ draining: true, held: false, pendingOutcome: outcome, reason });
  for (const place of placesOf(draft, ROOT)) if (place.node.finally) draft.wake(place.key);
  draft.touch(ROOT);
}

/** The run already has its outcome; a second stop only ends what still runs after it. */
function stopFinalisers(draft: Draft, because: string): void {
  for (const place of placesOf(draft, ROOT)) {
    if (place.node.finally && draft.node(place).status === 'idle') {
      cancelNode(draft, place, because);
    }
  }
  cancelNodes(draft, ROOT, because);
  draft.touch(ROOT);
}
