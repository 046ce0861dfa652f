import type { Condition } from './condition.ts';
import type { Json, JsonObject } from './json.ts';
import type { ROLES } from './roles.ts';

/**
 * What a workflow file compiles to, in any dialect. Immutable, and stored with the run: a graph of
 * nodes, edges and loops, already containing every sub-workflow it can reach.
 */
export interface Plan {
  readonly version: 1;
  readonly name: string;
  readonly description: string;
  readonly dialect: Dialect;
  /** Key of the graph the run starts in. */
  readonly main: string;
  readonly graphs: Readonly<Record<string, Graph>>;
  readonly personas: Readonly<Record<string, Persona>>;
  readonly policies: Policies;
  readonly source: PlanSource;
  /** Background for every agent, given once per conversation. */
  readonly instructions?: string | null;
  /**
   * Files of the workflow folder that prompts include. A key is a path, or `<folder>:<path>` for a
   * called workflow whose agents name that folder in `meta.folder`.
   */
  readonly files?: Readonly<Record<string, string>>;
  /** The repository's own commands for `config:<name>`, as of the start of the run. */
  readonly commands?: Readonly<Record<string, string>>;
}

export type Dialect = 'native' | 'agent007' | 'agentic-layer' | 'work-buddy' | 'takt';

export interface PlanSource {
  readonly origin: 'built-in' | 'repository' | 'organisation';
  readonly path: string;
  /** Commit the file was read at; null for a built-in. */
  readonly commit: string | null;
  readonly digest: string;
}

/** Forward edges are acyclic; a back edge exists only as a loop. */
export interface Graph {
  readonly id: string;
  /** `graph`: dead-path elimination decides what runs. `state-machine`: one token moves by signals. */
  readonly mode: 'graph' | 'state-machine';
  readonly nodes: readonly PlanNode[];
  readonly edges: readonly Edge[];
  readonly loops: readonly Loop[];
  /** Named results a calling node gets: name -> output name inside. Null for all outputs. */
  readonly returns: Readonly<Record<string, string>> | null;
  readonly maxParallel: number | null;
}

export interface Edge {
  readonly id: string;
  readonly from: string;
  /** A node id, or `COMPLETE` or `ABORT`, the end states of state-machine mode. */
  readonly to: string;
  readonly when: Condition;
}
export const COMPLETE = '$complete';
export const ABORT = '$abort';

export interface Loop {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly trigger: Condition;
  readonly max: number;
  readonly cooldownMs: number;
  readonly costCeilingUsd: number | null;
  readonly stopOnNoProgress: boolean;
  readonly onExhaust: 'escalate' | 'fail' | 'continue';
  readonly workspace: 'keep' | 'rewind';
}

export type PlanNode =
  | AgentNode
  | AutoNode
  | GateNode
  | ApprovalNode
  | CallNode
  | ForeachNode
  | GroupNode
  | NoopNode;
export type NodeKind = PlanNode['kind'];

export interface NodeCommon {
  readonly id: string;
  readonly title: string | null;
  readonly join: 'all' | 'any' | 'signal';
  readonly disposition: 'required' | 'optional' | 'checkpoint';
  /** `none`: needs no worktree. Readers may overlap, a writer is alone, `isolated` has its own. */
  readonly workspace: 'none' | 'read' | 'write' | 'isolated';
  /** Evaluated when the node becomes ready; false skips it as pruned. */
  readonly when: Condition | null;
  readonly approval: ApprovalPolicy | null;
  /** Asked right before execution, single use, never covered by a grant or batch approval. */
  readonly consent: ApprovalPolicy | null;
  /** Further attempts after a failed one. */
  readonly retries: number;
  readonly timeoutMs: number | null;
  readonly output: string | null;
  /** Names of the outputs this node may see; null for everything upstream of it. */
  readonly inputs: readonly string[] | null;
  /** Outputs it cannot do without: one on a dead path prunes the node. */
  readonly requiredInputs: readonly string[];
  /** Tools or permissions it needs: if missing, an optional node is waived and any other fails. */
  readonly requires: readonly string[];
  /** Runs after the run has its outcome, cannot change it, and is never blocked. */
  readonly finally: boolean;
  /** Keeps its state when a loop resets what is around it. */
  readonly once: boolean;
  /** A stop of the recipe: passes by itself when the run is autonomous. */
  readonly stopPoint: boolean;
  readonly risky: boolean;
  /** Does not start while conditions of earlier approvals are open, unless a person accepts them. */
  readonly openItems?: 'hold';
  /** Its changes are kept off the run's branch until a node with `commit` puts them there. */
  readonly uncommitted?: boolean;
  /** Completing without taking any edge is a failure: a router none of whose routes matched. */
  readonly mustRoute?: boolean;
  readonly budget: Budget | null;
  /** Line in the source file, for messages and annotations. */
  readonly line: number | null;
}

/** What an agent may do in the worktree. `execute`: run commands but change nothing. */
export type Access = 'readonly' | 'execute' | 'edit' | 'full';

export interface AgentNode extends NodeCommon {
  readonly kind: 'agent';
  readonly persona: string;
  /** Untrusted template. */
  readonly prompt: string;
  readonly model: string | null;
  readonly effort: string | null;
  /** Entry of agents.yaml; null for the configured default. */
  readonly agent: string | null;
  readonly access: Access;
  readonly session: 'fresh' | 'continue';
  readonly execution: 'main' | 'subagent';
  readonly result: ResultContract | null;
  readonly checks: readonly CheckCommand[];
  readonly handoffs: readonly Handoff[];
  readonly report: readonly string[];
  readonly visibility: Visibility;
  readonly cache: boolean;
  /** Extra facts for dialects (criteria, routing); only the compiler's own executor reads them. */
  readonly meta: JsonObject;
}

export interface AutoNode extends NodeCommon {
  readonly kind: 'auto';
  readonly run: CommandSpec | null;
  readonly callable: CallableSpec | null;
  readonly result: ResultContract | null;
  /** Instead of a command or function: makes one commit of all uncommitted work. Template of its message. */
  readonly commit?: string;
  /** Instead of a command or function: compares the run with earlier ones. */
  readonly evalGate?: EvalGateSpec;
}

export interface EvalGateSpec {
  readonly minBaselineRuns: number;
  /** How many of the latest runs are the baseline. */
  readonly baselineWindow: number;
  /** Relative drops of the score below the baseline's mean. */
  readonly warnThreshold: number;
  readonly blockThreshold: number;
  readonly insufficientBaseline: 'pass' | 'warn';
  /** Whether exceeding a limit of `thresholds` warns or blocks. */
  readonly mode: 'fail-open' | 'fail-closed';
  /** Absolute limits, by their key in the file. */
  readonly thresholds: Readonly<Record<string, number | undefined>>;
}

export interface GateNode extends NodeCommon {
  readonly kind: 'gate';
  /** Node whose result is judged. */
  readonly subject: string;
  readonly criteria: readonly Criterion[];
  readonly severity: 'error' | 'warning';
}

/** Waits for a person; nothing is executed. */
export interface ApprovalNode extends NodeCommon {
  readonly kind: 'approval';
  readonly approval: ApprovalPolicy;
  /** Node whose artefact is decided on; null if none. */
  readonly subject: string | null;
}

export interface CallNode extends NodeCommon {
  readonly kind: 'call';
  readonly graph: string;
  /** Parameter name -> template. */
  readonly params: Readonly<Record<string, string>>;
}

export interface ForeachNode extends NodeCommon {
  readonly kind: 'foreach';
  readonly graph: string;
  readonly items: ItemsSource;
  /** The item's name in the child's prompts. */
  readonly as: string;
  readonly maxParallel: number;
  readonly completeWhen: CompleteWhen;
  readonly onMemberFailure: 'fail' | 'continue';
  readonly memberRetries: number;
}

export interface GroupNode extends NodeCommon {
  readonly kind: 'group';
  readonly graph: string;
  readonly maxParallel: number | null;
  readonly completeWhen: CompleteWhen;
  readonly onMemberFailure: 'fail' | 'continue';
}

export interface NoopNode extends NodeCommon {
  readonly kind: 'noop';
}

export type CompleteWhen = 'all' | 'any' | number;

export type ItemsSource =
  | { readonly type: 'list'; readonly items: readonly Json[] }
  | { readonly type: 'output'; readonly path: string }
  | { readonly type: 'file'; readonly path: string; readonly format: 'json' | 'csv' | 'yaml' }
  | { readonly type: 'files'; readonly glob: string };

export interface ApprovalPolicy {
  readonly when: 'before' | 'after';
  /** Shown verbatim. */
  readonly prompt: string | null;
  readonly approvers: Approvers;
  /** Null for the default way back of its kind of node. `max: 0`: none. */
  readonly revise: { readonly to: string; readonly max: number } | null;
  readonly expireMs: number | null;
  /** Approving it makes the run autonomous: later stop points pass by themselves. */
  readonly batch: boolean;
  readonly selfApprove: 'allow' | 'deny' | 'if_alone';
}

export interface Approvers {
  readonly role: (typeof ROLES)[number];
  readonly teams: readonly string[];
  readonly users: readonly string[];
  readonly count: number;
}

export interface Criterion {
  readonly path: string;
  readonly op: 'equals' | 'min' | 'max' | 'exists' | 'any_of' | 'all_of' | 'contains' | 'within';
  readonly value: Json;
}

export interface ResultContract {
  /** JSON Schema of the structured result. */
  readonly schema: JsonObject;
  /** Fields the engine routes on; a missing one is a validation error. */
  readonly routingFields: readonly string[];
  /** Field with one of the ten statuses; null if there is none. */
  readonly statusField: string | null;
}

export interface CheckCommand {
  readonly name: string;
  readonly command: CommandSpec;
  readonly max: number;
}

export interface CommandSpec {
  /** Template of a shell line, or `config:test|lint|build` for the repository's own command. */
  readonly line: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export interface CallableSpec {
  readonly name: string;
  readonly kwargs: JsonObject;
  /** Argument name -> dotted path into the run's outputs. */
  readonly inputMap: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface Handoff {
  readonly name: string;
  readonly to: string | null;
  readonly required: boolean;
  readonly path: boolean;
}

export interface Visibility {
  readonly mode: 'full' | 'summary' | 'none' | 'auto';
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface Persona {
  readonly name: string;
  readonly description: string;
  readonly systemPrompt: string;
  readonly model: string | null;
  readonly access: Access | null;
}

export interface Budget {
  readonly maxTokens: number | null;
  readonly maxUsd: number | null;
  readonly alertPercent: readonly number[];
  readonly onExceed: 'stop' | 'pause' | 'alert-only';
}

export interface Policies {
  /** Parameters that must be given at the start, by name. */
  readonly params: Readonly<Record<string, ParamSpec>>;
  readonly budget: Budget | null;
  readonly caps: Caps;
  readonly maxParallel: number | null;
  readonly onFailure: 'drain' | 'cancel';
  readonly autonomy: 'assisted' | 'supervised' | 'autonomous' | 'ase';
  /** Stop points pass by themselves from the start, without a batch approval. */
  readonly passesStops?: boolean;
  readonly reliability: JsonObject | null;
  readonly evalGate: JsonObject | null;
  readonly escalation: JsonObject | null;
  readonly consentLifetimeMs: number;
  /** When a permitted start does not happen; absent for never. */
  readonly start?: StartRules;
  /** Which of the item's text agents read; absent for title and text, whoever wrote them. */
  readonly context?: ContextRules;
  /** For gates that do not set it themselves; the server's setting, frozen with the run. */
  readonly gateExpireMs?: number | null;
  /** How long before each reminder of such a gate, each sent once; absent for one after a day. */
  readonly gateRemindersMs?: readonly number[];
  /** What is measured over finished runs, and when people are told. */
  readonly monitoring?: JsonObject | null;
  readonly autoMerge?: JsonObject | null;
  /** Step of the main graph that changed requirements go back to; absent if none takes them. */
  readonly redesign?: { readonly to: string };
  /** Technical debt the run found becomes an issue when it has succeeded; absent if it does not. */
  readonly followUpIssue?: boolean;
}

export interface ContextRules {
  /** How well authors must be known. */
  readonly minIntegrity: 'write' | 'read-known' | 'any';
  readonly include: readonly ('body' | 'comments')[];
  readonly maxBytes: number;
}

export interface StartRules {
  readonly skipIf: {
    readonly labels: readonly string[];
    readonly search: string | null;
    readonly maxOpenPulls: number | null;
    readonly unchanged: boolean;
  } | null;
  readonly cooldownMs: number | null;
  /** Null: one run of the workflow per item, and a second start is refused. */
  readonly concurrency: {
    readonly key: 'item' | 'workflow' | 'repository';
    readonly whenBusy: 'queue' | 'replace' | 'refuse';
  } | null;
  readonly limits: {
    readonly perUserHour: number | null;
    readonly perRepositoryDay: number | null;
  } | null;
}

export interface Caps {
  readonly visitsPerNode: number;
  readonly steps: number;
  readonly tokens: number | null;
  readonly usd: number | null;
  readonly wallMs: number | null;
}

export interface ParamSpec {
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly required: boolean;
  readonly default: Json | null;
  readonly description: string;
  readonly choices: readonly Json[] | null;
}
