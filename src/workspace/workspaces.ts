import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BranchTip, bringCommits, readTip, removeBranch } from './branch-tip.ts';
import {
  type Commit,
  type CommitRequest,
  commitWorktree,
  findCommit,
  writeCommit,
} from './commit.ts';
import type { Person } from './commit-message.ts';
import { type Changes, type Diff, readChanges, readDiff, snapshot } from './diff.ts';
import type { Credential } from './git/credentials.ts';
import { createGit } from './git/git.ts';
import { checkedRunId, checkedSha } from './git/git-names.ts';
import { type Graft, type GraftResult, graftCommit } from './graft.ts';
import { createKeyedLock } from './keyed-lock.ts';
import { layoutOf, treePath, worktreeName } from './layout.ts';
import { listFilesAt } from './list-files.ts';
import { type MergeMember, type MergeResult, mergeMembers } from './merge.ts';
import { locateCommit, type OpenDeps, type OpenRequest, openWorktree } from './open.ts';
import { findOrphan, type OrphanRequest } from './orphan.ts';
import { type PushRequest, type PushResult, pushBranch } from './push.ts';
import { type FileAtCommit, readFileAt } from './read-file.ts';
import { readTreeId, restoreContent } from './restore.ts';
import { listMirrors, listRunTrees, removeLeftovers, removeRun, tidyMirror } from './sweep.ts';
import { readWorktreeHead, standOn, stillStands, type Worktree } from './worktree.ts';

export interface WorkspaceOptions {
  /** A directory of our own, on a local disk. */
  readonly root: string;
  /** Who commits. */
  readonly identity: Person;
  readonly log: OpenDeps['log'];
  /** Where `git` is looked for. */
  readonly searchPath?: string;
  /** Network settings to pass on to git: `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and the like. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Allows plain HTTP to machines other than this one. */
  readonly allowInsecureHttp?: boolean;
  readonly allowFiles?: boolean;
  readonly maxFileBytes?: number;
  readonly maxPatchBytes?: number;
  readonly localTimeoutMs?: number;
  readonly networkTimeoutMs?: number;
}

interface Stoppable {
  readonly signal?: AbortSignal | undefined;
}

interface Remotely extends Stoppable {
  readonly credential: Credential;
}

interface BranchRequest extends Remotely {
  readonly branch: string;
}

/** The worktrees of this machine. Every method may be called again after a crash at any point. */
export interface Workspaces {
  /** Makes the run's worktree exist here, clean, even on a machine that never saw the run. */
  open(request: OpenRequest): Promise<Worktree>;
  /** Makes the commit exist here without touching the run's worktree: for reading objects, and for `isolate`. */
  locate(request: OpenRequest): Promise<Worktree>;
  /** A second worktree of the run, for one member of a group. Is where the run's worktree is. */
  isolate(
    worktree: Worktree,
    memberId: string,
    options?: Stoppable & { at?: string },
  ): Promise<Worktree>;
  /**
   * Whether the worktree is as it was handed out: nobody reopened, moved or removed it, in this
   * process or another one. It is then as safe from a sweep as one just opened.
   */
  stillStands(worktree: Worktree): Promise<boolean>;
  /** Throws away everything a step left behind, ignored files included, and moves to the commit. */
  reset(worktree: Worktree, sha: string, options?: Stoppable): Promise<Worktree>;
  /** Gives the files the content of a commit but leaves HEAD: the next commit holds the change. */
  restore(worktree: Worktree, sha: string, options?: Stoppable): Promise<void>;
  /** A commit on top of `parent` with the content `sha` had. No worktree sees it yet. */
  commitContentOf(
    worktree: Worktree,
    sha: string,
    request: CommitRequest & { readonly parent: string },
  ): Promise<string>;
  /** A commit on top of another one that includes the work of `sha`. No worktree sees it yet. */
  graft(worktree: Worktree, graft: Graft, message: CommitRequest): Promise<GraftResult>;
  /** The id of a commit's content. */
  treeId(worktree: Pick<Worktree, 'mirror'>, sha: string, options?: Stoppable): Promise<string>;
  /** `null` if nothing changed. */
  commit(worktree: Worktree, request: CommitRequest): Promise<Commit | null>;
  /** The commit at or before HEAD with these trailers: a step's work that is already done. */
  findCommit(
    worktree: Worktree,
    trailers: Readonly<Record<string, string>>,
    options?: Stoppable & { depth?: number },
  ): Promise<string | null>;
  /** The commit the worktree is on now. */
  head(worktree: Worktree): Promise<string>;
  push(worktree: Worktree, request: PushRequest): Promise<PushResult>;
  /** The commit that a dead attempt left at the tip of the remote branch, or `null`. */
  orphan(worktree: Worktree, request: OrphanRequest): Promise<string | null>;
  /** Where a branch of the repository is; `null` if there is none. */
  tip(worktree: Worktree, request: BranchRequest): Promise<BranchTip | null>;
  /** Fetches commits that other workers pushed. Returns those that are nowhere to be found. */
  bring(
    worktree: Worktree,
    request: Remotely & { readonly commits: readonly string[] },
  ): Promise<string[]>;
  /** Deletes a branch while it is on `expected`. */
  removeBranch(
    worktree: Worktree,
    request: BranchRequest & { readonly expected: string },
  ): Promise<void>;
  /** The commits of isolated members, merged in the given order. */
  merge(
    worktree: Worktree,
    members: readonly MergeMember[],
    message: CommitRequest,
  ): Promise<MergeResult>;
  /** What differs from a commit: in another commit, or now in the worktree, uncommitted files included. */
  changes(worktree: Worktree, from: string, to?: string, options?: Stoppable): Promise<Changes>;
  /** `changes` with the patch. */
  diff(worktree: Worktree, from: string, to?: string, options?: Stoppable): Promise<Diff>;
  /** A file as it was at a commit. `null` if there is none. */
  readFile(
    worktree: Pick<Worktree, 'mirror'>,
    request: Stoppable & { sha: string; path: string; maxBytes?: number },
  ): Promise<FileAtCommit | null>;
  /** Paths of the regular files at a commit. */
  listFiles(
    worktree: Pick<Worktree, 'mirror'>,
    request: Stoppable & { sha: string },
  ): Promise<string[]>;
  /**
   * Removes all of the run from this machine, unless part of it was opened at `openedBefore`
   * (milliseconds) or later. Returns whether there was anything to remove.
   */
  remove(runId: string, options?: { openedBefore?: number }): Promise<boolean>;
  /**
   * Removes the runs that are not to be kept, and tidies the mirrors. Returns the ids of the
   * removed runs. A run opened within `graceMs` stays: it may have started after `keep` was read.
   */
  sweep(request: Stoppable & { keep: ReadonlySet<string>; graceMs?: number }): Promise<string[]>;
}

const MEGABYTE = 1024 * 1024;
const MINUTE_MS = 60_000;
const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';

export async function createWorkspaces(options: WorkspaceOptions): Promise<Workspaces> {
  const layout = layoutOf(resolve(options.root));
  await mkdir(layout.home, { recursive: true, mode: 0o700 });
  const git = createGit({
    home: layout.home,
    searchPath: options.searchPath ?? SEARCH_PATH,
    environment: options.environment ?? {},
    localTimeoutMs: options.localTimeoutMs ?? 5 * MINUTE_MS,
    networkTimeoutMs: options.networkTimeoutMs ?? 15 * MINUTE_MS,
  });
  const locked = createKeyedLock();
  const policy = {
    insecureHttp: options.allowInsecureHttp ?? false,
    files: options.allowFiles ?? false,
  };
  const maxFileBytes = options.maxFileBytes ?? 95 * MEGABYTE;
  const maxPatchBytes = options.maxPatchBytes ?? MEGABYTE / 2;
  const commitDeps = { git, identity: options.identity, maxFileBytes };
  const content = (worktree: Worktree, { signal }: Stoppable) =>
    snapshot(git, { worktree, maxFileBytes, signal });

  return {
    open: (request) => openWorktree({ git, layout, policy, locked, log: options.log }, request),
    locate: (request) => locateCommit({ git, layout, policy, locked, log: options.log }, request),
    async isolate(worktree, memberId, { at, signal } = {}) {
      const { runId, mirror } = worktree;
      const gitDir = join(mirror, 'worktrees', worktreeName(runId, memberId));
      const place = { ...worktree, path: treePath(layout, runId, memberId), gitDir };
      const sha = at === undefined ? await readWorktreeHead(worktree.gitDir) : checkedSha(at);
      const deps = { git, layout, signal };
      return await locked(gitDir, () => standOn(deps, place, sha, 'keep'));
    },
    async reset(worktree, sha, { signal } = {}) {
      const deps = { git, layout, signal };
      return await locked(worktree.gitDir, () =>
        standOn(deps, worktree, checkedSha(sha), 'remove'),
      );
    },
    restore: (worktree, sha, given) =>
      locked(worktree.gitDir, () => restoreContent(git, worktree, sha, given)),
    async commitContentOf(worktree, sha, request) {
      const tree = await readTreeId(git, worktree, sha, request);
      const { parent, ...message } = request;
      const parents = [checkedSha(parent)];
      return await writeCommit(commitDeps, { ...message, gitDir: worktree.mirror, tree, parents });
    },
    graft: (worktree, graft, message) => graftCommit(commitDeps, worktree, graft, message),
    treeId: (worktree, sha, given) => readTreeId(git, worktree, sha, given),
    commit: (worktree, request) =>
      locked(worktree.gitDir, () => commitWorktree(commitDeps, worktree, request)),
    findCommit: (worktree, trailers, given) => findCommit(git, worktree, trailers, given),
    head: (worktree) => readWorktreeHead(worktree.gitDir),
    push: (worktree, request) => pushBranch(git, worktree, request),
    orphan: (worktree, request) => findOrphan(commitDeps, worktree, request),
    tip: (worktree, request) => readTip(git, worktree, request),
    bring: (worktree, request) => bringCommits(git, worktree, request),
    removeBranch: (worktree, request) => removeBranch(git, worktree, request),
    merge: (worktree, members, message) =>
      locked(worktree.gitDir, () => mergeMembers(commitDeps, worktree, members, message)),
    async changes(worktree, from, to, given = {}) {
      const call = { gitDir: worktree.gitDir, signal: given.signal };
      return await readChanges(git, call, from, to ?? (await content(worktree, given)));
    },
    async diff(worktree, from, to, given = {}) {
      const call = { gitDir: worktree.gitDir, signal: given.signal, maxPatchBytes };
      return await readDiff(git, call, from, to ?? (await content(worktree, given)));
    },
    readFile: ({ mirror }, request) => readFileAt(git, { maxBytes: MEGABYTE, ...request, mirror }),
    listFiles: (worktree, request) => listFilesAt(git, worktree, request),
    stillStands: (worktree) => stillStands(layout, worktree),
    remove: (runId, { openedBefore = Infinity } = {}) =>
      removeRun(layout, checkedRunId(runId), openedBefore),
    async sweep({ keep, graceMs = 10 * MINUTE_MS, signal }) {
      const openedBefore = Date.now() - graceMs;
      const removed: string[] = [];
      for (const runId of await listRunTrees(layout)) {
        if (keep.has(runId)) continue;
        if (await removeRun(layout, runId, openedBefore)) removed.push(runId);
      }
      await removeLeftovers(layout);
      for (const mirror of await listMirrors(layout)) {
        await locked(mirror, () => tidyMirror(git, mirror, signal));
      }
      return removed;
    },
  };
}
