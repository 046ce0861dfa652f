import type { NodeKey, Reason } from '../state/run.ts';

/** Why a node has no way on. */
export interface Defeat extends Reason {
  /** A person is asked what to do, whatever the escalation policy says. */
  readonly escalate: boolean;
  /** Loop that was used up, if that is why. */
  readonly loop: string | null;
  /** Node inside a composite that failed first; null: the node itself. */
  readonly culprit: NodeKey | null;
}

export function defeat(code: string, message: string): Defeat {
  return { code, message, escalate: false, loop: null, culprit: null };
}

export function escalation(code: string, message: string): Defeat {
  return { ...defeat(code, message), escalate: true };
}
