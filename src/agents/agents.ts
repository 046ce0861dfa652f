import { totalmem } from 'node:os';
import { AppError } from '../errors.ts';
import {
  type AgentFailure,
  type AgentOutcome,
  type AgentRequest,
  type AgentTool,
  NOTHING_USED,
} from './agent.ts';
import type { Catalog } from './catalog/catalog-schema.ts';
import { compileJsonSchema } from './json-schema.ts';
import { sweepHomes } from './launch/agent-home.ts';
import { SYSTEM_PATH } from './launch/find-program.ts';
import { type LaunchSpec, launchSpecFor } from './launch/launch-spec.ts';
import { ProcessPool } from './launch/process-pool.ts';
import { findSandbox, type SandboxMode } from './launch/sandbox.ts';
import { ResultTool } from './session/result-tool.ts';
import { runStep } from './session/run-step.ts';
import { type StepControl, superviseStep } from './session/step-control.ts';
import { checkedTool } from './session/tool-server.ts';

export interface AgentsOptions {
  catalog: Catalog;
  /** By the names the catalog's `llm.key.env` uses. */
  secrets: Readonly<Record<string, string | undefined>>;
  sandbox: SandboxMode;
  /** A folder on this machine's own disk for the agents' private homes; processes may share it. */
  homeRoot: string;
  log: AgentsLog;
  /** Where agents and their tools are looked for. */
  systemPath?: string;
  /** How long a kept process waits for its run's next step. */
  keepMs?: number;
  /** How many of them may wait at once. */
  maxKept?: number | undefined;
}

/** The part of a pino logger that is used here. */
interface AgentsLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface Agents {
  /** False if agents run without a sandbox. */
  readonly isSandboxed: boolean;
  /** Runs one step to its end. Rejects only for what is broken here; an agent's failure is an outcome. */
  run(request: AgentRequest): Promise<AgentOutcome>;
  /** Ends the processes and forgets the sessions of a run that is over. May be called twice. */
  releaseRun(runId: string): Promise<void>;
  /** Leaves no process, socket or folder behind. */
  close(): Promise<void>;
}

const KEEP_MS = 60_000;
/** A longer timer would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Opens the agents of a catalog. Throws if a sandbox is required and this machine has none. */
export async function createAgents(options: AgentsOptions): Promise<Agents> {
  const { catalog, secrets, homeRoot, log } = options;
  await sweepHomes(homeRoot).catch((error: unknown) => {
    log.warn({ err: error }, 'homes of earlier agents could not be removed');
  });
  const systemPath = options.systemPath ?? SYSTEM_PATH;
  const sandbox = await findSandbox(options.sandbox, systemPath);
  if (sandbox === undefined) {
    log.warn(
      { sandbox: options.sandbox },
      'agents run without a sandbox and can do what this process can',
    );
  }
  const pool = new ProcessPool({
    homeRoot,
    sandbox,
    systemPath,
    keepMs: options.keepMs ?? KEEP_MS,
    maxKept: options.maxKept ?? mostKept(),
    onError: (error) => log.warn({ err: error }, 'an agent could not be cleaned up'),
  });
  const working = new Set<Promise<AgentOutcome>>();
  const closing = new AbortController();
  return {
    isSandboxed: sandbox !== undefined,
    async run(request) {
      if (closing.signal.aborted) throw new AppError('agents-closed', 'The agents are closed');
      const spec = launchSpecFor(request, catalog.agents, secrets);
      if ('class' in spec) return failed(spec);
      const signal = AbortSignal.any([request.signal, closing.signal]);
      const work = runRequest(pool, spec, { ...request, signal });
      working.add(work);
      return work.finally(() => working.delete(work));
    },
    releaseRun: (runId) => pool.release(runId),
    async close() {
      closing.abort();
      await Promise.allSettled(working);
      await pool.close();
    },
  };
}

/** One per GB this process may have, so that idle agents, at 256 MB each, take a quarter of it. */
function mostKept(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.max(2, Math.floor(memory / 2 ** 30));
}

async function runRequest(
  pool: ProcessPool,
  spec: LaunchSpec,
  request: AgentRequest,
): Promise<AgentOutcome> {
  const prepared = prepareTools(request);
  if ('class' in prepared) return failed(prepared);
  const control = superviseStep({ ...request, limits: limitsFor(spec, request) });
  try {
    const lease = await pool.acquire(spec, request.resume?.sessionId, control.signal);
    if ('class' in lease) return failedToStart(control, lease);
    let outcome: AgentOutcome | undefined;
    try {
      outcome = await runStep(lease.agent, { spec, request, control, ...prepared });
      return outcome;
    } finally {
      if (outcome?.status === 'succeeded') await lease.release(true, outcome.sessionId);
      else await lease.release(false, undefined);
    }
  } finally {
    control.dispose();
  }
}

interface PreparedTools {
  tools: readonly AgentTool[];
  resultTool: ResultTool | undefined;
}

function prepareTools(request: AgentRequest): PreparedTools | AgentFailure {
  const tools: AgentTool[] = [];
  for (const tool of request.tools ?? []) {
    const checked = checkedTool(tool);
    if (typeof checked === 'string') return invalidSchema(checked);
    tools.push(checked);
  }
  if (request.resultSchema === undefined) return { tools, resultTool: undefined };
  const compiled = compileJsonSchema(request.resultSchema);
  if (typeof compiled === 'string')
    return invalidSchema(`The result's schema is broken: ${compiled}`);
  return { tools, resultTool: new ResultTool(compiled) };
}

/** A request may be stricter than the catalog, never more generous. */
function limitsFor({ entry }: LaunchSpec, { limits }: AgentRequest): AgentRequest['limits'] {
  const { timeout_ms: timeoutMs = Infinity, idle_ms: ownIdleMs = Infinity } = entry.limits;
  const idleMs = Math.min(limits.idleMs ?? Infinity, ownIdleMs);
  const bounded = { ...limits, timeoutMs: Math.min(limits.timeoutMs, timeoutMs, LONGEST_TIMER_MS) };
  return Number.isFinite(idleMs) ? { ...bounded, idleMs } : bounded;
}

/** Whatever ended the step while its agent was still starting is the better explanation. */
function failedToStart({ cause }: StepControl, failure: AgentFailure): AgentOutcome {
  if (cause?.type === 'cancelled') return { status: 'cancelled', text: '', usage: NOTHING_USED };
  return failed(cause?.failure ?? failure);
}

function invalidSchema(message: string): AgentFailure {
  return { class: 'configuration', reason: 'invalid-schema', message };
}

function failed(failure: AgentFailure): AgentOutcome {
  return { status: 'failed', failure, text: '', usage: NOTHING_USED };
}
