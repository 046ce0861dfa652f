import type { Outcome } from '../../plan/condition.ts';
import type { Json } from '../../plan/json.ts';
import type {
  Channel,
  HeadOf,
  NodeKey,
  Question,
  Run,
  Uncommitted,
  Usage,
  Verdict,
} from './run.ts';

/** What happened to a run. `at` is an ISO time set by the caller. */
export type RunEvent = { readonly at: string } & (
  | { readonly type: 'run.started' }
  | { readonly type: 'run.cancelled'; readonly by: string; readonly reason: string | null }
  /** Reopens failed, blocked and cancelled nodes; completed ones keep their outputs. */
  | {
      readonly type: 'run.resumed';
      readonly by: string;
      readonly guidance: string | null;
      /** Only this failed node; null for all of them. */
      readonly node: NodeKey | null;
      /** Current head of the run's branch, or of the pull request it is about; null or absent if there is none. */
      readonly headSha?: string | null;
      readonly headOf?: HeadOf;
    }
  /** The requirements have changed: go back to the step the workflow names for that. */
  | {
      readonly type: 'run.redesigned';
      readonly by: string;
      readonly text: string;
      /** As for `run.resumed`. */
      readonly headSha?: string | null;
      readonly headOf?: HeadOf;
    }
  | { readonly type: 'run.held'; readonly by: string }
  | { readonly type: 'run.unheld'; readonly by: string }
  /** A worker took the node. A second start with another token means that the first worker died. */
  | {
      readonly type: 'node.started';
      readonly node: NodeKey;
      readonly visit: number;
      readonly execution: string;
      readonly snapshot: string | null;
      /** The attempt the job names; an outdated job starts nothing. */
      readonly attempt?: number;
    }
  | {
      readonly type: 'node.finished';
      readonly node: NodeKey;
      readonly visit: number;
      readonly attempt: number;
      readonly result: AttemptResult;
      /** Commands the agent asked for and was not allowed to run. */
      readonly refusedCommands?: readonly string[];
    }
  /** Handed back unfinished by a worker that is shutting down. */
  | {
      readonly type: 'node.interrupted';
      readonly node: NodeKey;
      readonly visit: number;
      readonly attempt: number;
      readonly reason: string;
    }
  | { readonly type: 'node.waived'; readonly node: NodeKey; readonly by: string }
  | {
      readonly type: 'gate.decided';
      readonly gate: string;
      readonly verdict: Verdict;
      readonly by: string;
      readonly text: string | null;
      readonly channel: Channel;
      /** Current head the gate may be bound to, of the run's branch or the pull request it is about; null if there is none. */
      readonly headSha: string | null;
      /** Full SHA the person named; if given, it must equal the head. */
      readonly sha: string | null;
      /** True when nobody else could decide (`if_alone`). */
      readonly alone: boolean;
      /** For verdict `edit`: the stored new artefact; `text` is its text. */
      readonly edited?: EditedArtefact;
    }
  /** Somebody else pushed to the run's branch, or anybody to the pull request it is about: bound approvals are void. */
  | {
      readonly type: 'head.moved';
      readonly headSha: string;
      readonly headOf?: HeadOf;
      readonly by: string;
    }
  | { readonly type: 'timer.fired'; readonly timer: string }
);

export interface EditedArtefact {
  readonly digest: string;
  readonly size: number;
  readonly headline: string;
  /** Structured result of the new text; absent if it stays as it was. */
  readonly data?: Json;
}

export type AttemptResult =
  | {
      readonly status: 'completed';
      readonly outcome: Outcome;
      readonly statusRaw: string | null;
      readonly data: Json;
      /** At most 50,000 characters; used for text conditions, not kept in the run. */
      readonly text: string;
      readonly headline: string;
      readonly digest: string | null;
      readonly size: number;
      readonly commit: string | null;
      readonly headSha: string | null;
      /** Work that was kept off the branch. */
      readonly uncommitted?: Uncommitted;
      readonly openItems: readonly string[];
      /** Open items of earlier steps that it says it has settled, by id or by their own text. */
      readonly resolvedItems?: readonly string[];
      readonly notes: readonly string[];
      readonly warnings: readonly string[];
      /** Technical debt it found: to be paid off later, and no reason to stop. */
      readonly debts?: readonly string[];
      readonly fingerprint: readonly string[] | null;
      readonly confidence: 'low' | 'missing' | 'ok' | null;
      /** A foreach's items, read by the worker; members follow this order. */
      readonly items: readonly Json[] | null;
      readonly usage: Usage;
      /** The agent cannot go on without answers: the node waits, then is visited again. */
      readonly questions?: readonly Question[];
    }
  | {
      readonly status: 'failed';
      readonly failure: Failure;
      readonly usage: Usage;
      readonly text: string;
    };

export interface Failure {
  readonly class:
    | 'transient'
    | 'execution'
    | 'validation'
    | 'timeout'
    | 'policy'
    | 'budget'
    | 'configuration';
  /** Stable code: `rate-limit`, `crashed`, `invalid-result`, `guardrail-blocked`, … */
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/** What must now be done, named by id; each becomes a job in the same transaction. */
export type Effect =
  | {
      readonly type: 'execute-node';
      readonly node: NodeKey;
      readonly visit: number;
      readonly attempt: number;
    }
  /** Stops a running attempt; does nothing if it has ended. */
  | {
      readonly type: 'stop-node';
      readonly node: NodeKey;
      readonly visit: number;
      readonly attempt: number;
    }
  /** Fires `timer.fired` no earlier than `at`; late or repeated firing is harmless. */
  | { readonly type: 'set-timer'; readonly timer: string; readonly at: string }
  /** Nobody answered the run's call for help: its fallback workflow starts on the same subject. */
  | { readonly type: 'hand-over' }
  | { readonly type: 'publish' }
  /** The run is settled: release its worktree, agent processes and labels. */
  | { readonly type: 'settle' };

/** One row of the append-only history. */
export interface TransitionRecord {
  readonly at: string;
  readonly node: NodeKey | null;
  readonly visit: number | null;
  readonly attempt: number | null;
  /** `run-started`, `node-ready`, `node-started`, `node-completed`, `retry`, `loop`, `gate-opened`, … */
  readonly kind: string;
  readonly reasonCode: string | null;
  readonly detail: string | null;
  readonly actor: string | null;
}

export interface Transition {
  readonly run: Run;
  readonly effects: readonly Effect[];
  readonly records: readonly TransitionRecord[];
  /** Why an event changed nothing, for whoever awaits an answer; null if it was applied or late. */
  readonly refusal: Refusal | null;
}

export interface Refusal {
  /** `no-such-gate`, `already-decided`, `void`, `head-moved`, `not-offered`, `self-approval`, `already-voted`, `other-channel`, `settled`, `nothing-to-resume`, … */
  readonly code: string;
  readonly message: string;
}
