import type { NodeKey, Reason } from '../state/run.ts';

/** Why a node cannot go on. */
export interface Defeat extends Reason {
  /** A person is asked what to do, whatever the escalation policy says. */
  readonly escalate: boolean;
  /** The loop that was used up, if that is why. */
  readonly loop: string | null;
  /** The node inside a composite that failed first; null for the node itself. */
  readonly culprit: NodeKey | null;
}

export function defeat(code: string, message: string): Defeat {
  return { code, message, escalate: false, loop: null, culprit: null };
}

export function escalation(code: string, message: string): Defeat {
  return { ...defeat(code, message), escalate: true };
}
