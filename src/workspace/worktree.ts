import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { discard, ensureFile, exists, isDirectory, readTextIfFile, removeTree } from './disk.ts';
import type { Git } from './git/git.ts';
import { GitError, isGitError } from './git/git-error.ts';
import { isSha } from './git/git-names.ts';
import type { Layout } from './layout.ts';
import { ensureMirror } from './mirror.ts';
import { noteOpening, renewOpening } from './opening.ts';
import { clearStaleLocks } from './stale-locks.ts';
import { withTreeLock } from './tree-lock.ts';

export interface Worktree {
  readonly runId: string;
  /** The files: what an agent gets as its working directory. */
  readonly path: string;
  /** The bare repository with all objects. Agents may read it but must not write to it. */
  readonly mirror: string;
  /** This worktree's own git directory (HEAD, index), inside the mirror. */
  readonly gitDir: string;
  readonly cloneUrl: string;
  /** The branch of the run on GitHub. Locally HEAD is detached, so worktrees never share a branch. */
  readonly branch: string;
  /** The commit it was on when it was handed out. */
  readonly head: string;
  /** Names this opening. Whichever process opens the worktree next gives its own another name. */
  readonly opening: string;
}

export type WorktreePlace = Omit<Worktree, 'head' | 'opening'>;

export interface WorktreeStand {
  readonly git: Git;
  readonly layout: Pick<Layout, 'lock' | 'trash'>;
  readonly signal?: AbortSignal | undefined;
}

/** What happens to files that git ignores, such as installed dependencies. */
export type Ignored = 'keep' | 'remove';

/** Puts the worktree on a commit, without any changes. Does nothing if it is already so. */
export async function standOn(
  deps: WorktreeStand,
  place: WorktreePlace,
  sha: string,
  ignored: Ignored,
): Promise<Worktree> {
  return { ...place, head: sha, opening: await openAt(deps, place, sha, ignored) };
}

/** Whether nobody has opened or removed the worktree since. If so, it counts as opened now. */
export async function stillStands(
  { lock }: Pick<Layout, 'lock'>,
  { path, gitDir, head, opening }: Worktree,
): Promise<boolean> {
  return await withTreeLock(lock, async () => {
    if (!(await isDirectory(path)) || (await readHeadIfAny(gitDir)) !== head) return false;
    return await renewOpening(gitDir, opening);
  });
}

/** The commit a worktree is on now. Read from our record, never through the worktree's own `.git`. */
export async function readWorktreeHead(gitDir: string): Promise<string> {
  const head = await readHeadIfAny(gitDir);
  if (head !== undefined) return head;
  throw new GitError('git-corrupt', 'the worktree stands on no commit', { fields: { gitDir } });
}

export async function readHeadIfAny(gitDir: string): Promise<string | undefined> {
  const head = (await readTextIfFile(join(gitDir, 'HEAD')))?.trim() ?? '';
  return isSha(head) ? head : undefined;
}

async function openAt(
  deps: WorktreeStand,
  place: WorktreePlace,
  sha: string,
  ignored: Ignored,
): Promise<string> {
  if (ignored === 'remove') return await startOver(deps, place, sha);
  try {
    return await bringTo(deps, place, sha);
  } catch (error) {
    // Another worker on this machine may be opening the same run: its lock is a reason to try again, not to start over.
    if (isGitError(error, 'git-locked')) return await bringTo(deps, place, sha);
    if (isGitError(error, 'git-failed', 'git-corrupt')) return await startOver(deps, place, sha);
    throw error;
  }
}

interface Registration {
  /** The directory was not there before. */
  readonly isNew: boolean;
  readonly opening: string;
}

/**
 * Writes the records that tie a worktree to its mirror (gitrepository-layout(5)). Doing so by hand
 * gives every worktree a name known beforehand, and makes repeating it after a kill the same as
 * repairing it. Done under the tree lock: a sweep sees all of it or nothing.
 */
async function register(place: WorktreePlace, sha: string): Promise<Registration> {
  const { path, gitDir } = place;
  await ensureMirror(place.mirror);
  if ((await exists(path)) && !(await isDirectory(path))) await removeTree(path);
  const created = await mkdir(path, { recursive: true, mode: 0o700 });
  await ensureFile(join(gitDir, 'commondir'), '../..\n');
  await ensureFile(join(gitDir, 'gitdir'), `${join(path, '.git')}\n`);
  await ensureFile(join(path, '.git'), `gitdir: ${gitDir}\n`);
  if ((await readHeadIfAny(gitDir)) === undefined) {
    await ensureFile(join(gitDir, 'HEAD'), `${sha}\n`);
  }
  return { isNew: created !== undefined, opening: await noteOpening(gitDir) };
}

async function bringTo(deps: WorktreeStand, place: WorktreePlace, sha: string): Promise<string> {
  const { isNew, opening } = await withTreeLock(deps.layout.lock, () => register(place, sha));
  await clearStaleLocks(place.gitDir, { signal: deps.signal });
  if (await isUntouched(deps, place, sha)) return opening;
  await hardReset(deps, place, sha);
  if (!isNew) await removeUntracked(deps, place);
  return opening;
}

async function isUntouched(
  { git, signal }: WorktreeStand,
  place: WorktreePlace,
  sha: string,
): Promise<boolean> {
  if ((await readWorktreeHead(place.gitDir)) !== sha) return false;
  if (!(await exists(join(place.gitDir, 'index')))) return false;
  const { stdout, truncated } = await git({
    args: ['status', '--porcelain', '--no-renames', '--ignore-submodules=all'],
    gitDir: place.gitDir,
    workTree: place.path,
    maxOutputBytes: 1,
    mayTruncate: true,
    signal,
  });
  return stdout === '' && !truncated;
}

async function hardReset(
  { git, signal }: WorktreeStand,
  place: WorktreePlace,
  sha: string,
): Promise<void> {
  await git({
    args: ['reset', '--quiet', '--hard', '--no-recurse-submodules', sha],
    gitDir: place.gitDir,
    workTree: place.path,
    signal,
  });
}

async function removeUntracked(
  { git, signal }: WorktreeStand,
  place: WorktreePlace,
): Promise<void> {
  // Forced twice: a repository inside the worktree is removed like any other untracked directory.
  await git({
    args: ['clean', '--quiet', '-d', '--force', '--force'],
    gitDir: place.gitDir,
    workTree: place.path,
    signal,
  });
}

/**
 * Checks everything out again. The old directory is moved away first: a process that a killed step
 * left behind goes on writing there, not here.
 */
async function startOver(deps: WorktreeStand, place: WorktreePlace, sha: string): Promise<string> {
  await discard(place.path, deps.layout.trash);
  await rm(place.gitDir, { recursive: true, force: true });
  const { opening } = await withTreeLock(deps.layout.lock, () => register(place, sha));
  await hardReset(deps, place, sha);
  return opening;
}
