import type { Git } from './git/git.ts';
import { checkedSha } from './git/git-names.ts';
import type { Worktree } from './worktree.ts';

interface Stoppable {
  readonly signal?: AbortSignal | undefined;
}

/** Gives the files the content they had at a commit. HEAD stays; the next commit holds the change. */
export async function restoreContent(
  git: Git,
  { gitDir, path }: Worktree,
  sha: string,
  { signal }: Stoppable = {},
): Promise<void> {
  await git({
    args: ['read-tree', '--reset', '-u', '--no-recurse-submodules', checkedSha(sha)],
    gitDir,
    workTree: path,
    signal,
  });
}

/** The id of a commit's content: equal content has an equal id, whatever came before it. */
export async function readTreeId(
  git: Git,
  { mirror }: Pick<Worktree, 'mirror'>,
  sha: string,
  { signal }: Stoppable = {},
): Promise<string> {
  const { stdout } = await git({
    args: ['rev-parse', '--verify', '--end-of-options', `${checkedSha(sha)}^{tree}`],
    gitDir: mirror,
    signal,
  });
  return stdout.trim();
}
