import type { Logger } from 'pino';
import type { Agents } from '../agents/agents.ts';
import type { GitHub } from '../github/octokit.ts';
import type { Json } from '../plan/json.ts';
import type { RunDeps } from '../runs/run-deps.ts';
import type { Settings } from '../settings.ts';
import type { StoredRun } from '../store/runs.ts';
import type { KeyedLock } from '../workspace/keyed-lock.ts';
import type { Sessions } from './agent/sessions.ts';
import type { Commands } from './auto/commands.ts';
import type { Tokens } from './tokens.ts';
import type { Worktrees } from './worktrees.ts';

export interface JobDeps {
  readonly runs: RunDeps;
  readonly github: GitHub;
  readonly agents: Agents;
  readonly worktrees: Worktrees;
  readonly commands: Commands;
  readonly sessions: Sessions;
  /** By run: taking a step, and giving back what a run that is over held here, never happen at once. */
  readonly locked: KeyedLock;
  readonly tokens: Tokens;
  readonly settings: Settings;
  readonly timing: Timing;
  /** Asks GitHub again for deliveries that never reached the inbox. */
  redeliverLost(signal: AbortSignal): Promise<{ readonly lookAgainAt: string | null }>;
  /** Starts the fallback workflow of a run nobody helped; a second call for the same gate starts nothing. */
  startFallback(stored: StoredRun): Promise<void>;
  /** Asks once more for a start that had to wait. `waits`: it still has to. */
  startAgain(request: Json): Promise<'done' | 'waits'>;
  /** Entry of the catalogue for steps that name none. */
  readonly defaultAgent: string;
  readonly log: Logger;
}

export interface Timing {
  readonly stepTimeoutMs: number;
  /** A run comment is written after this time or when the first step has ended. */
  readonly commentDelayMs: number;
  readonly editIntervalMs: number;
}
