import type { Logger } from 'pino';
import type { Agents } from '../agents/agents.ts';
import type { GitHub } from '../github/octokit.ts';
import type { RunDeps } from '../runs/run-deps.ts';
import type { Settings } from '../settings.ts';
import type { KeyedLock } from '../workspace/keyed-lock.ts';
import type { Sessions } from './agent/sessions.ts';
import type { Commands } from './auto/commands.ts';
import type { GitTokens } from './tokens.ts';
import type { Worktrees } from './worktrees.ts';

/** What it takes to carry out an attempt at a node. */
export interface StepDeps {
  readonly runs: RunDeps;
  readonly github: GitHub;
  readonly agents: Agents;
  readonly worktrees: Worktrees;
  readonly commands: Commands;
  readonly sessions: Sessions;
  /** Per run: taking a step and releasing what a finished run held here never happen at once. */
  readonly locked: KeyedLock;
  readonly tokens: GitTokens;
  readonly settings: Settings;
  readonly timing: { readonly stepTimeoutMs: number };
  /** Catalogue entry for steps that name none. */
  readonly defaultAgent: string;
  readonly log: Logger;
}
