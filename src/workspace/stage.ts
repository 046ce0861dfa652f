import { lstat } from 'node:fs/promises';
import { unlessMissing } from './disk.ts';
import type { Git } from './git/git.ts';
import { GitError } from './git/git-error.ts';
import { pathBytes, pathText } from './git/quoted-path.ts';
import { ensureMirror } from './mirror.ts';
import type { Worktree } from './worktree.ts';

export interface Staged {
  /** The tree object that holds the worktree's content. */
  readonly tree: string;
  /** What cannot be part of a commit of ours: repositories inside the worktree and names reserved by git. */
  readonly skipped: readonly string[];
}

export interface StageRequest {
  readonly worktree: Worktree;
  readonly maxFileBytes: number;
  /** An index other than the worktree's own, which then stays as it is. */
  readonly indexFile?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Paths as git prints them, quoted where needed, so that every byte survives its way through this program. */
interface Changes {
  write: string[];
  remove: string[];
  skipped: string[];
}

/**
 * Turns the files of the worktree into a tree object. Plumbing only, fed with an explicit list of
 * paths: `git add` and `git commit` would run git inside submodules, with settings that an agent
 * can write.
 */
export async function stage(git: Git, request: StageRequest): Promise<Staged> {
  const { worktree, indexFile, signal } = request;
  await ensureMirror(worktree.mirror);
  const call = {
    gitDir: worktree.gitDir,
    workTree: worktree.path,
    signal,
    ...(indexFile === undefined ? {} : { indexFile }),
  };
  const status = await git({
    ...call,
    args: [
      'status',
      '--porcelain',
      '--no-renames',
      '--untracked-files=all',
      '--ignore-submodules=all',
    ],
  });
  const changes = changesOf(status.stdout);
  await refuseLargeFiles(request, changes.write);
  const update = (options: string[], paths: string[]) =>
    git({ ...call, args: ['update-index', ...options, '--stdin'], input: lines(paths) });
  // Removals first and by name alone, for a path may now lie behind a link or below a file.
  if (changes.remove.length > 0) await update(['--force-remove'], changes.remove);
  if (changes.write.length > 0) await update(['--add', '--replace'], changes.write);
  const { stdout } = await git({ ...call, args: ['write-tree'] });
  return { tree: stdout.trim(), skipped: changes.skipped.map(pathText) };
}

function changesOf(status: string): Changes {
  const changes: Changes = { write: [], remove: [], skipped: [] };
  for (const line of status.split('\n').filter((candidate) => candidate !== '')) {
    const [inIndex, inWorktree] = line;
    const path = line.slice(3);
    if (isUnfit(pathText(path))) changes.skipped.push(path);
    else if (inWorktree === 'D') changes.remove.push(path);
    else if (inIndex !== 'D') changes.write.push(path);
  }
  return changes;
}

/** Git lists a repository inside the worktree as a directory, and refuses names that some disk takes for `.git`. */
function isUnfit(path: string): boolean {
  if (path.endsWith('/')) return true;
  const visible = path.replaceAll(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '');
  return visible.split('/').some((part) => /^(\.git|git~1)[. ]*(:.*)?$/i.test(part));
}

async function refuseLargeFiles(request: StageRequest, paths: readonly string[]): Promise<void> {
  const root = Buffer.from(`${request.worktree.path}/`);
  for (const path of paths) {
    const stats = await unlessMissing(lstat(Buffer.concat([root, pathBytes(path)])));
    if (stats !== undefined && stats.size > request.maxFileBytes) {
      throw new GitError('git-too-large', `${pathText(path)} is too large to be committed`, {
        fields: { path: pathText(path), bytes: stats.size, limit: request.maxFileBytes },
      });
    }
  }
}

function lines(paths: readonly string[]): string {
  return paths.map((path) => `${path}\n`).join('');
}
