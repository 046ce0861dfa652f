import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentFailure } from '../agent.ts';
import { type AgentHome, createHome } from './agent-home.ts';
import type { AgentProcess } from './agent-process.ts';
import { launchAgent } from './launch-agent.ts';
import { type LaunchSpec, processKey } from './launch-spec.ts';
import type { Sandbox } from './sandbox.ts';

export interface PoolOptions {
  homeRoot: string;
  sandbox: Sandbox | undefined;
  systemPath: string;
  /** How long a kept process may wait for the next step. */
  keepMs: number;
  /** How many kept processes may wait at once, over all runs. */
  maxKept: number;
  onError(error: unknown): void;
}

export interface Lease {
  readonly agent: AgentProcess;
  /** Returns the process: to be kept for the next step or, if the step went wrong, to be killed. */
  release(isHealthy: boolean, sessionId: string | undefined): Promise<void>;
}

interface KeptProcess {
  agent: AgentProcess;
  key: string;
  stamp: string;
  timer: NodeJS.Timeout | undefined;
  since: number;
}

/** What belongs to one run: waiting and working processes, homes, and which session lives in which home. */
class RunProcesses {
  isReleased = false;
  readonly idle = new Set<KeptProcess>();
  readonly busy = new Set<AgentProcess>();
  readonly homes = new Set<AgentHome>();
  /** Homes of starting or working processes. A home serves one process at a time. */
  readonly usedHomes = new Set<AgentHome>();
  readonly homeOfSession = new Map<string, AgentHome>();
}

/** Keeps agent processes for the next step of their run. One process serves one step at a time. */
export class ProcessPool {
  readonly #options: PoolOptions;
  readonly #runs = new Map<string, RunProcesses>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Takes a waiting process or starts one. `resume` asks for the home of an earlier session. */
  async acquire(
    spec: LaunchSpec,
    resume: string | undefined,
    signal: AbortSignal,
  ): Promise<Lease | AgentFailure> {
    const run = this.#runOf(spec.runId);
    const home = resume === undefined ? undefined : run.homeOfSession.get(resume);
    if (resume !== undefined && home === undefined) return sessionLost();
    if (home !== undefined) {
      if (run.usedHomes.has(home)) return sessionLost();
      // Before anything is awaited: nobody else moves in while a process waiting there is ending.
      run.usedHomes.add(home);
    }

    const key = processKey(spec);
    const stamp = await stampOf(spec.cwd);
    const kept = await this.#takeIdle(run, key, stamp, home);
    if (kept !== undefined) return this.#lease(run, kept.agent, key, stamp);
    const agent = await this.#launch(run, spec, home, signal);
    if (!('class' in agent)) return this.#lease(run, agent, key, stamp);
    await this.#tidy(run);
    return agent;
  }

  /** Ends what is waiting for this run. What is still working is ended when it is returned. */
  async release(runId: string): Promise<void> {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    this.#runs.delete(runId);
    run.isReleased = true;
    await Promise.all([...run.idle].map((kept) => this.#retire(run, kept)));
    await this.#tidy(run);
  }

  async close(): Promise<void> {
    const runs = [...this.#runs];
    await Promise.all(runs.flatMap(([, run]) => [...run.busy].map((agent) => agent.kill())));
    await Promise.all(runs.map(([runId]) => this.release(runId)));
  }

  #runOf(runId: string): RunProcesses {
    const known = this.#runs.get(runId);
    if (known !== undefined) return known;
    const run = new RunProcesses();
    this.#runs.set(runId, run);
    return run;
  }

  async #takeIdle(
    run: RunProcesses,
    key: string,
    stamp: string,
    home: AgentHome | undefined,
  ): Promise<KeptProcess | undefined> {
    for (const kept of run.idle) {
      if (home !== undefined && kept.agent.home !== home) continue;
      if (fits(kept, key, stamp, home)) {
        clearTimeout(kept.timer);
        run.idle.delete(kept);
        return kept;
      }
      // It occupies the home that is wanted, or looks at a worktree that is no longer there.
      if (home !== undefined || kept.key === key) await this.#retire(run, kept);
    }
    return undefined;
  }

  async #launch(
    run: RunProcesses,
    spec: LaunchSpec,
    known: AgentHome | undefined,
    signal: AbortSignal,
  ): Promise<AgentProcess | AgentFailure> {
    const home = known ?? (await createHome(this.#options.homeRoot));
    const isFresh = known === undefined;
    run.homes.add(home);
    run.usedHomes.add(home);
    const { sandbox, systemPath } = this.#options;
    let agent: AgentProcess | AgentFailure | undefined;
    try {
      agent = await launchAgent(spec, { home, isFresh, sandbox, systemPath, signal });
      return agent;
    } finally {
      if (agent === undefined || 'class' in agent) {
        run.usedHomes.delete(home);
        if (isFresh) await this.#removeHome(run, home);
      }
    }
  }

  #lease(run: RunProcesses, agent: AgentProcess, key: string, stamp: string): Lease {
    run.busy.add(agent);
    run.usedHomes.add(agent.home);
    const release = async (isHealthy: boolean, sessionId: string | undefined): Promise<void> => {
      const canResume = agent.spec.entry.capabilities.resume !== 'none';
      if (canResume && sessionId !== undefined) run.homeOfSession.set(sessionId, agent.home);
      const isKept = isHealthy && !run.isReleased && canBeKept(agent);
      if (isKept && sessionId !== undefined) agent.client.closeSession(sessionId);
      if (!isKept) await (isHealthy ? agent.end() : agent.kill());
      run.busy.delete(agent);
      run.usedHomes.delete(agent.home);
      if (isKept)
        this.#keep(run, { agent, key, stamp, timer: undefined, since: performance.now() });
      if (!isKept && !this.#isNeeded(run, agent.home)) await this.#removeHome(run, agent.home);
      await this.#tidy(run);
    };
    return { agent, release };
  }

  #keep(run: RunProcesses, kept: KeptProcess): void {
    const onTime = (): void => {
      this.#retire(run, kept).catch((error: unknown) => this.#options.onError(error));
    };
    kept.timer = setTimeout(onTime, this.#options.keepMs);
    kept.timer.unref();
    run.idle.add(kept);
    this.#limitKept();
    // A process that dies while waiting gives up its place at once.
    kept.agent.exited.then(onTime, onTime);
  }

  /** Memory is worth more than sparing the start of the process that has waited longest. */
  #limitKept(): void {
    const waiting = [...this.#runs.values()].flatMap((run) =>
      [...run.idle].map((kept) => ({ run, kept })),
    );
    const surplus = waiting.length - this.#options.maxKept;
    for (const { run, kept } of waiting
      .toSorted((a, b) => a.kept.since - b.kept.since)
      .slice(0, Math.max(0, surplus))) {
      this.#retire(run, kept).catch((error: unknown) => this.#options.onError(error));
    }
  }

  async #retire(run: RunProcesses, kept: KeptProcess): Promise<void> {
    if (!run.idle.delete(kept)) return;
    clearTimeout(kept.timer);
    await kept.agent.end();
    if (!this.#isNeeded(run, kept.agent.home)) await this.#removeHome(run, kept.agent.home);
  }

  /** The last process out of a released run takes the homes with it. */
  async #tidy(run: RunProcesses): Promise<void> {
    const isOver = run.isReleased && run.usedHomes.size === 0;
    if (isOver) await Promise.all([...run.homes].map((home) => this.#removeHome(run, home)));
  }

  #isNeeded(run: RunProcesses, home: AgentHome): boolean {
    return !run.isReleased && [...run.homeOfSession.values()].includes(home);
  }

  async #removeHome(run: RunProcesses, home: AgentHome): Promise<void> {
    run.homes.delete(home);
    await home.remove().catch((error: unknown) => this.#options.onError(error));
  }
}

function fits(kept: KeptProcess, key: string, stamp: string, home: AgentHome | undefined): boolean {
  const { agent } = kept;
  const canResume = home === undefined || agent.spec.entry.capabilities.resume_while_kept;
  return kept.key === key && kept.stamp === stamp && canResume && !agent.hasExited();
}

/**
 * An agent that cannot close a session would grow with every step; and whatever one with write
 * access has left running could change files while the next ones read them.
 */
function canBeKept(agent: AgentProcess): boolean {
  if (agent.spec.access !== 'readonly') return false;
  const close = agent.about.agentCapabilities?.sessionCapabilities?.close ?? undefined;
  return agent.spec.entry.capabilities.keep && close !== undefined && !agent.hasExited();
}

/** A worktree recreated under its old path is a different folder to a sandbox that saw the old one. */
async function stampOf(cwd: string): Promise<string> {
  const found = await Promise.all([cwd, join(cwd, '.git')].map(identify));
  return found.join(' ');
}

async function identify(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return 'absent';
  }
}

function sessionLost(): AgentFailure {
  const message =
    'The earlier session cannot be continued: it is not of this run, or this machine, or is in use';
  return { class: 'execution', reason: 'session-lost', message };
}
