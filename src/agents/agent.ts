import type { JsonSchema } from './json-schema.ts';

/** What a step may do to the worktree. The sandbox enforces it, whatever the agent believes. */
export type FileAccess = 'readonly' | 'execute' | 'edit' | 'full';

const WRITING: ReadonlySet<FileAccess> = new Set(['edit', 'full']);

export function mayWrite(access: FileAccess): boolean {
  return WRITING.has(access);
}

export interface AgentTool {
  name: string;
  description: string;
  inputSchema: JsonSchema;
  /** Answers the model in text. A thrown error reaches the model as the tool's error. */
  call(args: unknown): Promise<string>;
}

export interface AgentLimits {
  timeoutMs: number;
  /** Ends a step that shows no sign of life for this long. */
  idleMs?: number;
  maxTokens?: number;
  maxCostUsd?: number;
}

export interface AgentRequest {
  /** The name of an entry of agents.yaml. */
  agent: string;
  /** Processes and sessions are kept for this run until it is released. */
  runId: string;
  stepId: string;
  /** The worktree. */
  cwd: string;
  /** What else the agent must be able to read, such as the repository's git directory. */
  readonlyPaths?: readonly string[];
  access: FileAccess;
  /** Lets the agent reach public hosts. It never reaches private addresses. */
  network?: boolean;
  prompt: string;
  /** The persona. Goes before the prompt if an agent takes no system prompt. */
  systemPrompt?: string;
  /** A name from the entry's `models`, or one of the vendor's model ids. */
  model?: string;
  effort?: string;
  /** If given, the step succeeds only with a result that matches. */
  resultSchema?: JsonSchema;
  /** Whether a command line the agent asks to run is allowed; if absent, `access` alone decides. */
  mayRun?: (line: string) => boolean;
  tools?: readonly AgentTool[];
  /** A session of an earlier step of the same run. */
  resume?: { sessionId: string };
  limits: AgentLimits;
  signal: AbortSignal;
  onProgress?: (update: AgentProgress) => void;
  /** Called, often, for anything that shows that the agent is alive. */
  onSign?: () => void;
}

/** Signs of life, for people to watch; texts are cut to a limited length. */
export type AgentProgress =
  | { type: 'text'; text: string }
  | { type: 'thought'; text: string }
  | { type: 'tool'; id: string; title: string; kind: string; status: string }
  | { type: 'plan'; entries: readonly string[] }
  | { type: 'notice'; text: string }
  | { type: 'llm-call'; status: number };

export interface AgentUsage {
  inputTokens: number;
  outputTokens: number;
  /** Null if neither the catalog nor the agent knows a price. */
  costUsd: number | null;
  /** Calls seen by the gateway. */
  calls: number;
  source: 'gateway' | 'agent' | 'none';
}

export type AgentOutcome =
  | {
      status: 'succeeded';
      text: string;
      result?: unknown;
      usage: AgentUsage;
      sessionId?: string;
      stopReason: string;
    }
  | { status: 'failed'; failure: AgentFailure; text: string; usage: AgentUsage }
  | { status: 'cancelled'; text: string; usage: AgentUsage };

export interface AgentFailure {
  class: FailureClass;
  reason: FailureReason;
  message: string;
  retryAfterMs?: number;
}

type FailureClass =
  | 'transient'
  | 'execution'
  | 'validation'
  | 'timeout'
  | 'budget'
  | 'configuration';

/** Stable codes; messages may change, these may not. */
type FailureReason =
  | 'rate-limit'
  | 'server'
  | 'network'
  | 'auth'
  | 'quota'
  | 'request'
  | 'agent-error'
  | 'crashed'
  | 'refused'
  | 'stopped'
  | 'max-turns'
  | 'output-limit'
  | 'session-lost'
  | 'no-result'
  | 'invalid-result'
  | 'timeout'
  | 'idle'
  | 'max-tokens'
  | 'max-cost'
  | 'unknown-agent'
  | 'unknown-model'
  | 'no-key'
  | 'no-sandbox'
  | 'invalid-schema'
  | 'spawn'
  | 'protocol';

export const NOTHING_USED: AgentUsage = {
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
  calls: 0,
  source: 'none',
};
