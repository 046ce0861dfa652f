import { mkdirSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Agents } from '#src/agents/agents.ts';
import { createAgents } from '#src/agents/agents.ts';
import { SYSTEM_PATH } from '#src/agents/launch/find-program.ts';
import { findSandbox } from '#src/agents/launch/sandbox.ts';
import { isSettled } from '#src/engine/state/is-settled.ts';
import { nodeAt } from '#src/engine/state/node-at.ts';
import type { NodeState, Run, Verdict } from '#src/engine/state/run.ts';
import type { RunContext } from '#src/engine/state/run-context.ts';
import type { GitHub } from '#src/github/octokit.ts';
import { fireTimer } from '#src/jobs/fire-timer.ts';
import type { JobDeps } from '#src/jobs/job-deps.ts';
import { compileWorkflow } from '#src/language/native/compile/compile.ts';
import type { Persona, Plan } from '#src/plan/plan.ts';
import { closeQueue, drainQueue, openQueue, type Queue, work } from '#src/queue/queue.ts';
import { decideGate } from '#src/runs/decide-gate.ts';
import type { RunDeps } from '#src/runs/run-deps.ts';
import { newRunId } from '#src/runs/run-id.ts';
import { startRun } from '#src/runs/start-run.ts';
import { createSessions } from '#src/steps/agent/sessions.ts';
import { createCommands } from '#src/steps/auto/commands.ts';
import { executeNode } from '#src/steps/execute-node.ts';
import { createWorktrees } from '#src/steps/worktrees.ts';
import { type Output, readOutputs } from '#src/store/outputs.ts';
import { readRun } from '#src/store/runs.ts';
import { listTransitions } from '#src/store/transitions.ts';
import { createKeyedLock } from '#src/workspace/keyed-lock.ts';
import {
  aDirectory,
  anOrigin,
  git,
  type Origin,
  openWorkspaces,
  removeDirectory,
} from '#test/integration/workspace/fixtures.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';
import { eventually } from '#test/support/eventually.ts';
import { parseText } from '#test/support/language/parse-text.ts';
import type { ScriptEntry } from '#test/support/scripted/scenario.ts';
import { scriptedEntry } from '#test/support/scripted-catalog.ts';

export interface BenchOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly prompts?: readonly ScriptEntry[];
  readonly agent?: Parameters<typeof scriptedEntry>[0];
  readonly sandbox?: 'auto' | 'required' | 'off';
  readonly github?: GitHub;
  readonly secrets?: readonly string[];
}

export interface Settled {
  readonly run: Run;
  readonly plan: Plan;
  readonly branch: string;
  /** State of a node by its key. */
  node(key: string): NodeState;
  output(key: string, visit?: number): Promise<Output>;
  /** A file on the run's branch; undefined: not there. */
  file(path: string): string | undefined;
  /** `kind reason` of every note of the history about a node. */
  history(key: string): Promise<string[]>;
}

/** Everything that executes nodes, for real: database, queue, git, sandbox and the scripted agent. */
export interface Bench {
  readonly deps: JobDeps;
  readonly origin: Origin;
  /** Runs a workflow until it settles, or waits for a person. */
  play(workflow: string, more?: PlayOptions): Promise<Settled>;
  decide(runId: string, verdict: Verdict, text?: string): Promise<Settled>;
  /** Does not wait. */
  start(workflow: string, more?: PlayOptions): Promise<string>;
  settled(runId: string): Promise<Settled>;
  close(): Promise<void>;
}

export interface PlayOptions {
  readonly commands?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  /** Other workflows it calls. */
  readonly others?: readonly string[];
}

const PERSONAS: Readonly<Record<string, Persona>> = Object.fromEntries(
  ['Reader', 'Writer'].map((name) => [
    name,
    {
      name,
      description: '',
      systemPrompt: `You are the ${name}.`,
      model: null,
      access: name === 'Writer' ? 'edit' : 'readonly',
    },
  ]),
);

const ANYTHING: ScriptEntry = { steps: [{ text: 'Done.' }] };

export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const folder = aDirectory();
  const database = await openTestDatabase('postgres');
  const queue = await openQueue({ database: database.handle, log: silent });
  const origin = anOrigin(folder, options.files);
  const agents = await agentsIn(folder, options);
  const runs: RunDeps = { db: database.db, queue, now: () => new Date().toISOString(), newRunId };
  const deps = await depsFor(folder, { options, agents, runs });
  work(queue, 'execute-node', { concurrency: 6 }, executeNode(deps));
  work(queue, 'fire-timer', { concurrency: 2 }, fireTimer(deps));
  return {
    deps,
    origin,
    start: (workflow, more) => start(deps, origin, workflow, more),
    settled: (runId) => settled(deps, origin, runId),
    async play(workflow, more) {
      return settled(deps, origin, await start(deps, origin, workflow, more));
    },
    async decide(runId, verdict, text) {
      const { run } = await readRun(deps.runs.db, runId);
      const gate = run.gates.find(({ status }) => status === 'open');
      const refusal = await decideGate(deps.runs, runId, {
        gate: gate?.id ?? 'none',
        verdict,
        by: 'bob',
        text: text ?? null,
        channel: 'github',
        headSha: run.headSha,
        sha: null,
        key: `${runId}-${gate?.id}`,
      });
      if (refusal !== null) throw new Error(refusal.message);
      return settled(deps, origin, runId);
    },
    close: () => close({ queue, agents, database, folder }),
  };
}

async function agentsIn(folder: string, options: BenchOptions): Promise<Agents> {
  const scenario = join(folder, 'scenario.json');
  const prompts = [...(options.prompts ?? []), ANYTHING];
  await writeFile(scenario, JSON.stringify({ prompts }));
  const state = await mkdtemp(join(folder, 'state-'));
  const scripted = scriptedEntry({ state, ...options.agent, scenario });
  return createAgents({
    catalog: { agents: { scripted }, fallback: {} },
    secrets: {},
    sandbox: options.sandbox ?? 'required',
    homeRoot: join(folder, 'homes'),
    log: { info: () => undefined, warn: () => undefined },
  });
}

async function depsFor(
  folder: string,
  { options, agents, runs }: { options: BenchOptions; agents: Agents; runs: RunDeps },
): Promise<JobDeps> {
  const token = async () => 'ghs_ofTheTest';
  const tokens = { toRead: token, toPush: token };
  const sandbox = await findSandbox(options.sandbox ?? 'required', SYSTEM_PATH);
  mkdirSync(join(folder, 'homes'), { recursive: true });
  return {
    runs,
    // Only functions that read GitHub ask for it; their tests bring one.
    github: options.github ?? ({} as GitHub),
    agents,
    worktrees: createWorktrees(
      await openWorkspaces(join(folder, 'workspaces')),
      tokens,
      sandbox !== undefined,
    ),
    commands: createCommands({
      sandbox,
      homeRoot: join(folder, 'homes'),
      secrets: options.secrets ?? [],
    }),
    sessions: createSessions(),
    locked: createKeyedLock(),
    tokens,
    settings: {
      prefix: 'sluice',
      instance: 'main',
      appId: 1,
      bareCommands: true,
      folder: '.github/sluice',
      baseUrl: null,
      protectedBranches: [],
      version: '0.0.0',
      gateRemindersMs: [86_400_000],
      gateExpireMs: 7 * 86_400_000,
      quietAfterMs: null,
    },
    timing: { stepTimeoutMs: 60_000, commentDelayMs: 0, editIntervalMs: 0 },
    redeliverLost: async () => ({ lookAgainAt: null }),
    forgeOf: () => {
      throw new Error('steps start nothing');
    },
    builtin: {
      definitions: new Map(),
      personas: {},
      problems: [],
      broken: [],
      warnings: [],
      files: {},
    },
    defaultAgent: 'scripted',
    log: silent,
  };
}

function compile(workflow: string, { others = [], commands = {} }: PlayOptions): Plan {
  const definitions = [workflow, ...others].map((text) => {
    const parsed = parseText(text, { path: 'test.yml', personas: PERSONAS });
    if (!parsed.ok) throw new Error(stringify(parsed.problems));
    return parsed.definition;
  });
  const [first] = definitions;
  if (first === undefined) throw new Error('no workflow');
  const compiled = compileWorkflow(first, {
    resolve: (name) => definitions.find(({ spec }) => spec.name === name),
    personas: PERSONAS,
    source: { origin: 'repository', path: 'test.yml', commit: null, digest: '' },
  });
  if (!compiled.ok) throw new Error(stringify(compiled.problems));
  return { ...compiled.plan, commands };
}

let subjects = 0;

async function start(
  deps: JobDeps,
  origin: Origin,
  workflow: string,
  more: PlayOptions = {},
): Promise<string> {
  const plan = compile(workflow, more);
  const runId = newRunId();
  subjects += 1;
  const context: RunContext = {
    installationId: 1,
    repository: {
      id: 7,
      owner: 'acme',
      name: 'demo',
      cloneUrl: origin.repository.cloneUrl,
      htmlUrl: 'https://github.test/acme/demo',
      defaultBranch: 'main',
      private: false,
    },
    subject: { type: 'issue', number: subjects, title: 'A task', author: 'alice' },
    branch: `sluice/${subjects}-${plan.name}-${runId}`,
    baseSha: origin.base,
    baseRef: 'main',
    workflow: plan.name,
    task: 'Do the task.',
    origin: 'github',
    trigger: { via: 'label', login: 'alice', text: 'x', deliveryId: null, commentId: null },
  };
  const params = more.params ?? {};
  await startRun(deps.runs, { runId, plan, context, params, startKey: runId });
  return runId;
}

async function settled(deps: JobDeps, origin: Origin, runId: string): Promise<Settled> {
  const { run, plan, context } = await eventually(
    'the run to settle',
    async () => {
      const stored = await readRun(deps.runs.db, runId);
      const rests = isSettled(stored.run.status) || stored.run.status === 'waiting';
      return rests ? stored : undefined;
    },
    45_000,
  );
  const { branch } = context;
  return {
    run,
    plan,
    branch,
    node(key) {
      const at = nodeAt(plan, run, key);
      if (at === null) throw new Error(`there is no node ${key}`);
      return at.state;
    },
    async output(key, visit) {
      const ref = { node: key, visit: visit ?? nodeAt(plan, run, key)?.state.visit ?? 1 };
      const [output] = await readOutputs(deps.runs.db, runId, [ref]);
      if (output === undefined) throw new Error(`${key} has no output`);
      return output;
    },
    file(path) {
      try {
        return git(origin.bare, 'show', `refs/heads/${branch}:${path}`);
      } catch {
        return undefined;
      }
    },
    async history(key) {
      const all = await listTransitions(deps.runs.db, runId);
      return all
        .filter(({ node }) => node === key)
        .map(({ kind, reasonCode }) => (reasonCode === null ? kind : `${kind} ${reasonCode}`));
    },
  };
}

async function close({
  queue,
  agents,
  database,
  folder,
}: {
  queue: Queue;
  agents: Agents;
  database: TestDatabase;
  folder: string;
}): Promise<void> {
  await drainQueue(queue, 5_000);
  await agents.close();
  await closeQueue(queue);
  await database.remove();
  removeDirectory(folder);
}
