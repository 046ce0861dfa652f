import { stopRun } from '../ask/stop-run.ts';
import { defeat } from '../flow/defeat.ts';
import { failNode } from '../flow/dispose.ts';
import { isSettled } from '../state/is-settled.ts';
import { ROOT } from '../state/node-key.ts';
import type { Settle } from './close-gate.ts';
import { closeGate } from './close-gate.ts';

/** A denial ends the run at once, whatever else is going on. */
export const deny: Settle = (draft, place, gate, event) => {
  closeGate(draft, gate, event);
  const message = event.text ?? `Denied by ${event.by}.`;
  const reason = { code: 'denied', message: `${place.key}: ${message}` };
  if (isSettled(draft.run.status)) {
    draft.update({ status: 'failed', reason });
    return 'applied';
  }
  failNode(draft, place, defeat('denied', message));
  if (place.node.finally && draft.frame(ROOT).ending !== null) return 'applied';
  stopRun(draft, {
    outcome: 'failed',
    reason,
    because: 'denied',
    failure: { code: 'denied', message, node: place.key, escalate: false, loop: null },
  });
  return 'applied';
};
