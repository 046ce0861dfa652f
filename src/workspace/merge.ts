import type { CommitDeps } from './commit.ts';
import { type CommitRequest, writeCommit } from './commit.ts';
import type { Git } from './git/git.ts';
import { pathText } from './git/quoted-path.ts';
import { readWorktreeHead, type Worktree } from './worktree.ts';

export interface MergeMember {
  readonly memberId: string;
  readonly sha: string;
}

export type MergeResult =
  | { readonly status: 'merged'; readonly sha: string }
  | { readonly status: 'conflict'; readonly memberId: string; readonly paths: readonly string[] };

/**
 * Merges the members' commits in the given order and then moves the worktree there, all or nothing.
 * A member whose commit is already in adds nothing, so a repetition after a crash ends where the
 * first one did.
 */
export async function mergeMembers(
  deps: Pick<CommitDeps, 'git' | 'identity'>,
  worktree: Worktree,
  members: readonly MergeMember[],
  message: CommitRequest,
): Promise<MergeResult> {
  const { git } = deps;
  const { gitDir } = worktree;
  const { signal } = message;
  let head = await readWorktreeHead(gitDir);
  for (const { memberId, sha } of members) {
    if (await contains(git, gitDir, head, sha)) continue;
    const merge = await mergeTrees(git, gitDir, head, sha);
    if (merge.conflicts.length > 0) {
      return { status: 'conflict', memberId, paths: merge.conflicts };
    }
    const parents = [head, sha];
    head = await writeCommit(deps, { ...message, gitDir, tree: merge.tree, parents });
  }
  await git({
    args: ['reset', '--quiet', '--hard', '--no-recurse-submodules', head],
    gitDir,
    workTree: worktree.path,
    signal,
  });
  return { status: 'merged', sha: head };
}

async function contains(git: Git, gitDir: string, head: string, sha: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', sha, head];
  return (await git({ args, gitDir, accept: [1] })).exitCode === 0;
}

/** The content both commits lead to. Touches no worktree. */
export async function mergeTrees(git: Git, gitDir: string, ours: string, theirs: string) {
  const { exitCode, stdout } = await git({
    args: ['merge-tree', '--write-tree', '--no-messages', '--name-only', ours, theirs],
    gitDir,
    accept: [1],
  });
  const [tree = '', ...paths] = stdout.trim().split('\n');
  return { tree, conflicts: exitCode === 0 ? [] : [...new Set(paths.map(pathText))] };
}
