import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { AgentOutcome, AgentRequest } from '#src/agents/agent.ts';
import { type Agents, type AgentsOptions, createAgents } from '#src/agents/agents.ts';
import type { ScriptEntry } from './scripted/scenario.ts';
import { SCRIPTED_KEY, type ScriptedOptions, scriptedEntry } from './scripted-catalog.ts';

export interface FixtureOptions extends Omit<ScriptedOptions, 'scenario'> {
  prompts?: ScriptEntry[];
  models?: string[];
  agents?: Partial<AgentsOptions>;
}

export interface AgentFixture {
  readonly agents: Agents;
  readonly folder: string;
  /** The worktree. */
  readonly cwd: string;
  readonly homeRoot: string;
  run(request: Partial<AgentRequest>): Promise<AgentOutcome>;
  /** Closes the agents and fails when they left something behind. */
  close(): Promise<void>;
}

/** The real key, as the gateway gets it. It must never be seen inside. */
export const REAL_KEY = 'sk-real-0123456789abcdef';

/** Opens the scripted agent with a scenario, on a folder of its own. */
export async function openAgentFixture(options: FixtureOptions = {}): Promise<AgentFixture> {
  const { prompts, models, agents: agentsOptions, ...scripted } = options;
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'agents-')));
  const cwd = join(folder, 'worktree');
  const homeRoot = join(folder, 'homes');
  const scenario = join(folder, 'scenario.json');
  await mkdir(cwd);
  await writeFile(join(cwd, '.git'), 'gitdir: elsewhere\n');
  await writeFile(
    scenario,
    JSON.stringify({ models, prompts: prompts ?? [{ steps: [{ text: 'ok' }] }] }),
  );
  const agents = await createAgents({
    catalog: { agents: { scripted: scriptedEntry({ ...scripted, scenario }) }, fallback: {} },
    secrets: { [SCRIPTED_KEY]: REAL_KEY },
    sandbox: 'required',
    homeRoot,
    log: { info: () => undefined, warn: () => undefined },
    ...agentsOptions,
  });
  return {
    agents,
    folder,
    cwd,
    homeRoot,
    run: (request) =>
      agents.run({
        agent: 'scripted',
        runId: 'run-1',
        stepId: 'step-1',
        cwd,
        access: 'edit',
        prompt: 'go',
        limits: { timeoutMs: 30_000 },
        signal: new AbortController().signal,
        ...request,
      }),
    async close() {
      await agents.close();
      const homes = await readdir(homeRoot).catch(() => []);
      await rm(folder, { recursive: true, force: true });
      expect(homes).toEqual([]);
      expect(processesWith(folder)).toEqual([]);
    },
  };
}

/** The command lines of all living processes of this machine that mention a text. */
export function processesWith(text: string): string[] {
  return pidsWith(text).map(commandLineOf);
}

export function killProcessesWith(text: string): void {
  for (const pid of pidsWith(text)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended with one of the others.
    }
  }
}

function pidsWith(text: string): string[] {
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && commandLineOf(name).includes(text),
  );
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // It ended between the listing and the reading.
    return '';
  }
}
