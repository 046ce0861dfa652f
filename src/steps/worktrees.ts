import type { RunContext } from '../engine/state/run-context.ts';
import type { Workspaces } from '../workspace/workspaces.ts';
import type { Worktree } from '../workspace/worktree.ts';
import { patiently } from './patiently.ts';
import type { GitTokens } from './tokens.ts';

/** The worktrees of this process's runs, opened when needed and remembered while they are known to be clean. */
export interface Worktrees {
  readonly workspaces: Workspaces;
  /** For reading commits only: touches no files, so it may be used while somebody writes. */
  toLook(request: WorktreeRequest): Promise<Worktree>;
  /** For a reader: if one is already open on that commit, it costs nothing. */
  toRead(request: WorktreeRequest): Promise<Worktree>;
  /** For a writer: clean, on the commit, and with nothing left over from an attempt that died. */
  toWrite(request: WorktreeRequest & { readonly startOver: boolean }): Promise<Worktree>;
  /** The writer is done and left this clean state. */
  settle(worktree: Worktree, head: string): void;
  /** Releases those nobody has opened since; another process may have continued the run already. */
  release(runId: string, openedBefore: number): Promise<void>;
  /** Removes those of all other runs and returns whose they were. Very new ones stay. */
  sweep(keep: ReadonlySet<string>, signal: AbortSignal): Promise<readonly string[]>;
}

export interface WorktreeRequest {
  readonly runId: string;
  readonly context: RunContext;
  /** Commit to be on. */
  readonly at: string;
  readonly signal: AbortSignal;
}

/** `readersAreConfined`: a sandbox keeps readers from writing, so what was clean before one is clean after it. */
export function createWorktrees(
  workspaces: Workspaces,
  tokens: GitTokens,
  readersAreConfined: boolean,
): Worktrees {
  const clean = new Map<string, Worktree>();
  const requestFor = async ({ runId, context, at, signal }: WorktreeRequest) => {
    const { repository, subject } = context;
    return {
      repository: { owner: repository.owner, repo: repository.name, cloneUrl: repository.cloneUrl },
      runId,
      branch: context.branch,
      baseSha: context.baseSha,
      at,
      ...(subject.type === 'pull-request' && { pullRequest: subject.number }),
      credential: { token: await tokens.toRead(context) },
      signal,
    };
  };
  const open = async (wanted: WorktreeRequest): Promise<Worktree> => {
    const request = await requestFor(wanted);
    return patiently(() => workspaces.open(request), wanted.signal);
  };

  return {
    workspaces,
    async toLook(wanted) {
      const request = await requestFor(wanted);
      return patiently(() => workspaces.locate(request), wanted.signal);
    },
    async toRead(request) {
      const known = clean.get(request.runId);
      if (readersAreConfined && known?.head === request.at) {
        // Another process on this machine may have worked in it meanwhile, or released it.
        if (await workspaces.stillStands(known)) return known;
      }
      const worktree = await open(request);
      clean.set(request.runId, worktree);
      return worktree;
    },
    async toWrite(request) {
      clean.delete(request.runId);
      const worktree = await open(request);
      if (!request.startOver) return worktree;
      return workspaces.reset(worktree, request.at, { signal: request.signal });
    },
    settle(worktree, head) {
      clean.set(worktree.runId, { ...worktree, head });
    },
    async release(runId, openedBefore) {
      clean.delete(runId);
      await workspaces.remove(runId, { openedBefore });
    },
    async sweep(keep, signal) {
      const removed = await workspaces.sweep({ keep, signal });
      for (const runId of removed) clean.delete(runId);
      return removed;
    },
  };
}
