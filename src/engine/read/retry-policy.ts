import { kindOf } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import type { Failure } from '../state/event.ts';
import type { NodeState } from '../state/run.ts';

const TRANSIENT_TRIES = 3;
const BACK_OFF_MS = [120_000, 240_000, 300_000] as const;
const LONGEST_WAIT_MS = 24 * 3_600_000;
/** Number of worker crashes after which a node is no longer restarted. */
export const MAX_CRASHES = 2;

export interface Retry {
  readonly kind: 'transient-retry' | 'retry';
  readonly delayMs: number;
}

/**
 * Whether a failed attempt is followed by another one. Overload and network errors wait longer
 * each time and do not use up the node's own retries.
 */
export function retryFor(node: PlanNode, state: NodeState, failure: Failure): Retry | null {
  if (failure.class === 'transient' && state.transientTries < TRANSIENT_TRIES) {
    const backOff = failure.retryAfterMs ?? BACK_OFF_MS[state.transientTries] ?? BACK_OFF_MS[2];
    return { kind: 'transient-retry', delayMs: Math.min(backOff, LONGEST_WAIT_MS) };
  }
  return state.retries < retriesFor(node, failure) ? { kind: 'retry', delayMs: 0 } : null;
}

/** A broken answer always gets a second try, and so does a deterministic step that timed out. */
function retriesFor(node: PlanNode, failure: Failure): number {
  switch (failure.class) {
    case 'validation':
      return Math.max(node.retries, 1);
    case 'timeout':
      return kindOf(node).worker === 'machine' ? Math.max(node.retries, 1) : node.retries;
    case 'execution':
    case 'transient':
      return node.retries;
    case 'policy':
    case 'budget':
    case 'configuration':
      return 0;
  }
}
