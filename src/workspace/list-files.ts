import type { Git } from './git/git.ts';
import { checkedSha } from './git/git-names.ts';
import type { Worktree } from './worktree.ts';

const MAX_LIST_BYTES = 32 * 1024 * 1024;

/** Paths of the regular files at a commit, in git's order. Links and submodules do not count. */
export async function listFilesAt(
  git: Git,
  { mirror }: Pick<Worktree, 'mirror'>,
  request: { readonly sha: string; readonly signal?: AbortSignal | undefined },
): Promise<string[]> {
  const { stdout } = await git({
    args: ['ls-tree', '-r', '-z', '--full-tree', checkedSha(request.sha)],
    gitDir: mirror,
    maxOutputBytes: MAX_LIST_BYTES,
    signal: request.signal,
  });
  return stdout.split('\0').flatMap((line) => {
    const tab = line.indexOf('\t');
    return /^100(?:644|755) blob /.test(line) ? [line.slice(tab + 1)] : [];
  });
}
