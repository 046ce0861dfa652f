import type { AttemptResult } from '../engine/state/event.ts';
import type { NodeState } from '../engine/state/run.ts';
import type { NodeKind } from '../plan/plan.ts';
import type { Output } from '../store/outputs.ts';
import type { StoredRun } from '../store/runs.ts';

/** One attempt at one node, as its executor sees it. */
export interface Attempt {
  readonly stored: StoredRun;
  readonly kind: NodeKind;
  readonly phase: NodeState['phase'];
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  /** An earlier attempt of this visit did not end properly. */
  readonly startOver: boolean;
  readonly signal: AbortSignal;
}

export interface Executed {
  readonly result: AttemptResult;
  readonly output: Output | null;
  /** Command lines the agent asked for and was not allowed to run. */
  readonly refusedCommands?: readonly string[];
}
