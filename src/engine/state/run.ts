import type { Outcome } from '../../plan/condition.ts';
import type { Json, JsonObject } from '../../plan/json.ts';
import type { Approvers } from '../../plan/plan.ts';

/** Version of this shape; a change takes a new one and a row of `UPGRADES` (`upgrade-run.ts`). */
export const RUN_VERSION = 2;

/**
 * The changing part of a run; its plan is stored beside it and never changes. Sub-workflows, groups
 * and foreach members are frames of the same run, so one transaction sees all of it.
 */
export interface Run {
  readonly version: typeof RUN_VERSION;
  readonly id: string;
  readonly status: RunStatus;
  /** Why it has this status, when the status alone does not say: a stable code and a sentence. */
  readonly reason: Reason | null;
  readonly frames: Readonly<Record<FrameId, Frame>>;
  readonly gates: readonly Gate[];
  readonly startedAt: string | null;
  readonly settledAt: string | null;
  readonly held: boolean;
  /** Batch approval was given: stop points pass by themselves. */
  readonly autonomous: boolean;
  readonly consentUntil: string | null;
  readonly counters: Counters;
  /** Failed and cannot go on: no new node starts, running ones drain. */
  readonly draining: boolean;
  /** The run's outcome, while finalisers are still running. */
  readonly pendingOutcome: RunStatus | null;
  readonly starter: string;
  /** Commit the run's branch is on after the last finished writing node. */
  readonly headSha: string | null;
  /** Last known head of the pull request the run is about; null if it is about none. */
  readonly subjectSha: string | null;
  /** Work that is not on the branch yet. */
  readonly uncommitted: Uncommitted | null;
  /** Last commits of isolated members, by member, visit and try. */
  readonly trees: Readonly<Record<string, string>>;
  readonly params: JsonObject;
  /** A limit was exceeded: nothing more starts until somebody lets the run go on. */
  readonly breach: Breach | null;
  /** What people are told about its budgets, latest last. */
  readonly alerts: readonly string[];
  /** Since when at least one node has been at work; null if none is. */
  readonly workSince: string | null;
}

/** Work of steps that leave committing to a later one. */
export interface Uncommitted {
  /** Commit that holds all of it, on a branch aside. */
  readonly sha: string;
  /** Commit of the run's branch it was begun on. */
  readonly onto: string;
}

export const RUN_STATUSES = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'escalated',
  'cancelled',
  'expired',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface Counters {
  readonly gates: number;
  readonly steps: number;
  readonly usage: Usage;
  /** Milliseconds of work, excluding waiting for people. */
  readonly workMs: number;
  /** How many outputs were cut to stay within the budget. */
  readonly degradations: number;
  /** How often a person let the stopped run go on; each time grants the visit limits again. */
  readonly resumes: number;
  /** What was spent when a person last resumed the run: its caps count from there. */
  readonly base: Spent;
  /** What was spent when a person last granted the budget again, by a resume or otherwise. */
  readonly budgetBase: Usage;
}

export interface Spent {
  readonly steps: number;
  readonly usage: Usage;
  readonly workMs: number;
}

export interface Breach extends Reason {
  /** True: a person may let the run go on at a gate; false: the run ends. */
  readonly pause: boolean;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly usd: number | null;
}

/** `''` is the root, `build/` the frame of call or group node `build`, `tasks[2]/` a member. */
export type FrameId = string;
/** Frame id and node id joined: `plan`, `build/compile`, `tasks[2]/executor`. */
export type NodeKey = string;

export interface Frame {
  readonly graph: string;
  /** Composite node that opened it; null for the root. */
  readonly parent: NodeKey | null;
  /** Visit of the parent it belongs to. */
  readonly parentVisit: number;
  readonly index: number | null;
  readonly item: Json;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled';
  readonly nodes: Readonly<Record<string, NodeState>>;
  readonly loops: Readonly<Record<string, LoopState>>;
  readonly tries: number;
  /** Values of the sub-workflow's parameters. */
  readonly params: JsonObject;
  /** Failed and cannot go on: no new node starts in here, running ones end. */
  readonly draining: boolean;
  /** How it will end once its finalisers are done; null if not decided yet. */
  readonly ending: 'completed' | 'failed' | 'cancelled' | null;
  /** The first failure that could not be recovered from. */
  readonly failure: FrameFailure | null;
}

export interface FrameFailure extends Reason {
  /** Innermost node that failed. */
  readonly node: NodeKey;
  /** A person is asked what to do, whatever the escalation policy says. */
  readonly escalate: boolean;
  /** The loop that was used up, if that is why. */
  readonly loop: string | null;
}

export type EdgeState = 'pending' | 'taken' | 'dead';

export const NODE_STATUSES = [
  'idle',
  'ready',
  'running',
  'awaiting-input',
  'awaiting-approval',
  'completed',
  'failed',
  'skipped',
  'blocked',
  'cancelled',
] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

export interface NodeState {
  readonly status: NodeStatus;
  /** `waived` or `pruned` for skipped; the failure code for failed; … */
  readonly reason: Reason | null;
  readonly visit: number;
  readonly attempt: number;
  /** Attempts lost to crashes or shutdowns; these are not retries. */
  readonly interruptions: number;
  readonly transientTries: number;
  /** Who executes it now: one token per started job, so a second start is recognised as a crash. */
  readonly execution: string | null;
  readonly notBefore: string | null;
  readonly readyAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly result: NodeResult | null;
  /** Results of its outgoing conditions and loop triggers, fixed when it finished: id -> matched. */
  readonly verdicts: Readonly<Record<string, boolean>>;
  /**
   * What happened to its outgoing edges when it ended. `as-answered`: each by its verdict; `all`:
   * it is done without an answer; one edge: the one the token took. `open`: not decided.
   */
  readonly exits: 'open' | 'as-answered' | 'all' | 'none' | { readonly edge: string };
  /** Commit the worktree was on when this visit first started; a crash or rewind resets to it. */
  readonly snapshot: string | null;
  /** Commit this visit made, if any. */
  readonly commit: string | null;
  readonly gate: string | null;
  /** Total over all visits and attempts. */
  readonly usage: Usage;
  readonly loopContext: LoopContext | null;
  /**
   * Where a composite node is: its worker reads items or parameters, its members run, its worker
   * merges what isolated members committed. Null for other kinds and before it starts. `preflight`,
   * for any kind: a worker checks whether it can run before people are asked about it.
   */
  readonly phase: 'preflight' | 'prepare' | 'members' | 'merge' | null;
  /** The attempt that a worker has found able to run. */
  readonly cleared: number | null;
  /** Attempts of this visit that only checked whether it can run. */
  readonly looks: number;
  /** Gate where consent to this attempt was asked for. */
  readonly consent: string | null;
  /** Items of a foreach once they are known. */
  readonly items: readonly Json[] | null;
  /** Further attempts after a failure that counts. */
  readonly retries: number;
  /** Those of `interruptions` that were crashes; too many of them fail the node. */
  readonly crashes: number;
  /** Attempt of the last `execute-node`; a job for an older one is outdated. */
  readonly dispatched: number;
  /** A person waived it before its turn came. */
  readonly waivedBy: string | null;
  /** It failed permanently and the flow went on without it. */
  readonly forgiven: boolean;
  /** Edge that opened a first-come join in this visit. */
  readonly firedBy: string | null;
  /** State-machine mode: whose answer brought the token here. */
  readonly signalledBy: { readonly node: NodeKey; readonly visit: number } | null;
}

/** The part of an answer kept in the run itself; the full text is in the outputs table. */
export interface NodeResult {
  readonly outcome: Outcome;
  readonly statusRaw: string | null;
  /** Structured result; null if its JSON exceeds 20,000 characters. */
  readonly data: Json;
  /** One line for people, at most 120 characters. */
  readonly headline: string;
  /** `sha256:<hex>` of the stored output, which approvals are bound to. */
  readonly digest: string | null;
  readonly size: number;
  readonly openItems: readonly string[];
  /** Ids of other nodes' open items that it says it has settled. */
  readonly resolvedItems: readonly string[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Technical debt it found. */
  readonly debts: readonly string[];
  /** Sorted ids of failures or findings; loops compare it to detect progress. */
  readonly fingerprint: readonly string[] | null;
  /** Later prompts see only this many characters of it, as the budget was exceeded; null for all. */
  readonly cutTo: number | null;
}

export interface LoopState {
  readonly count: number;
  readonly lastFingerprint: readonly string[] | null;
  readonly usd: number;
  readonly exhausted: string | null;
}

/** Given to the node that a loop, a revision or guidance goes back to. */
export interface LoopContext {
  readonly loop: string;
  readonly iteration: number;
  readonly max: number;
  readonly failures: readonly string[];
  /** What a person wrote: `/revise`, `/guide`. */
  readonly guidance: readonly Guidance[];
  readonly previousAttempts: readonly { readonly visit: number; readonly headline: string }[];
  /** The answer that sent it back: no longer a visible output, but given to this node. */
  readonly source?: { readonly node: NodeKey; readonly visit: number };
  /** `rewind`: the worktree goes back to the node's snapshot first. */
  readonly workspace?: 'keep' | 'rewind';
}
export interface Guidance {
  readonly by: string;
  readonly text: string;
  readonly at: string;
}

export const GATE_KINDS = [
  'approval',
  'consent',
  'stop-point',
  'confidence',
  'checkpoint',
  'escalation',
  'question',
  'budget',
  'open-items',
] as const;
export type GateKind = (typeof GATE_KINDS)[number];
export type Verdict =
  | 'approve'
  | 'deny'
  | 'revise'
  | 'edit'
  | 'retry'
  | 'guide'
  | 'override'
  | 'answer';

/** What a person must be asked. */
export interface GateRequest {
  readonly kind: GateKind;
  readonly when: 'before' | 'after';
  /** Why it opens, as shown to people. */
  readonly trigger: string;
  readonly individual?: boolean;
  readonly questions?: readonly Question[];
  readonly openItems?: readonly OpenItem[];
  /** What must be asked next, once this gate lets the node go on. */
  readonly next?: GateRequest;
}

export interface Gate {
  /** `G1`, `G2`, … in the order they opened in this run. */
  readonly id: string;
  readonly node: NodeKey;
  readonly visit: number;
  readonly kind: GateKind;
  readonly when: 'before' | 'after';
  readonly prompt: string | null;
  /** Item of the foreach it opened in; null outside any. */
  readonly item: string | null;
  /** Why it opened, as shown to people. */
  readonly trigger: string;
  readonly round: number;
  readonly openedAt: string;
  readonly expiresAt: string | null;
  /** What is approved: both must match when it is decided and when the next node starts. */
  readonly subject: {
    readonly output: string | null;
    readonly node: NodeKey;
    readonly digest: string | null;
    readonly size: number;
    readonly headSha: string | null;
    readonly headOf: HeadOf;
  };
  readonly verdicts: readonly Verdict[];
  readonly approvers: Approvers;
  readonly selfApprove: 'allow' | 'deny' | 'if_alone';
  readonly revise: { readonly to: NodeKey; readonly left: number; readonly max: number } | null;
  readonly batch: boolean;
  readonly votes: readonly { readonly by: string; readonly at: string }[];
  readonly status: 'open' | 'decided' | 'void' | 'expired';
  readonly voidReason: string | null;
  readonly decision: Decision | null;
  /** What the agent wants to know, at a gate of kind `question`. */
  readonly questions?: readonly Question[];
  /** What is left of earlier approvals, at a gate of kind `open-items`. */
  readonly openItems?: readonly OpenItem[];
  /** Who may answer them besides the starter and people with write access. */
  readonly answersFrom: 'starter' | 'approvers' | 'author';
  /** Consent for this execution only; false if it renews the run's own consent. */
  readonly individual: boolean;
  /** What is asked next on the node when this gate is approved. */
  readonly next?: GateRequest;
  /** Reminders sent so far, and when the last one was due: gates with the same time share a comment. */
  readonly reminders: number;
  readonly remindedAt: string | null;
  /** It expires within a day. */
  readonly lastDay: boolean;
}

/** Whose head a commit is: the run's own branch's, or that of the pull request the run is about. */
export type HeadOf = 'branch' | 'subject';

/** A condition on which a step approved something. */
export interface OpenItem {
  /** `design-review@1#2`: the second item from its first visit. */
  readonly id: string;
  readonly node: NodeKey;
  readonly text: string;
}

export interface Question {
  readonly question: string;
  readonly options: readonly string[];
}

export interface Decision {
  readonly verdict: Verdict;
  readonly by: string;
  readonly at: string;
  readonly text: string | null;
  readonly channel: Channel;
  /** The person who started the run, because nobody else could (`self_approve: if_alone`). */
  readonly alone?: boolean;
}
export type Channel = 'github' | 'dashboard' | 'client';
