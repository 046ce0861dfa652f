import { type CommitDeps, type CommitRequest, writeCommit } from './commit.ts';
import { checkedSha } from './git/git-names.ts';
import { mergeTrees } from './merge.ts';
import type { Worktree } from './worktree.ts';

export interface Graft {
  /** Commit whose work is taken along. */
  readonly sha: string;
  /** Commit it continues from. */
  readonly onto: string;
}

export type GraftResult =
  | { readonly status: 'grafted'; readonly sha: string }
  | { readonly status: 'conflict'; readonly paths: readonly string[] };

/** One commit on top of `onto` that includes another one's work. No worktree sees it yet. */
export async function graftCommit(
  deps: Pick<CommitDeps, 'git' | 'identity'>,
  { mirror }: Pick<Worktree, 'mirror'>,
  { sha, onto }: Graft,
  message: CommitRequest,
): Promise<GraftResult> {
  const parent = checkedSha(onto);
  const { tree, conflicts } = await mergeTrees(deps.git, mirror, parent, checkedSha(sha));
  if (conflicts.length > 0) return { status: 'conflict', paths: conflicts };
  const request = { ...message, gitDir: mirror, tree, parents: [parent] };
  return { status: 'grafted', sha: await writeCommit(deps, request) };
}
