import { splitKey } from '../state/node-key.ts';
import type { Run } from '../state/run.ts';

interface Members {
  readonly frames: Run['frames'];
  readonly trees: Run['trees'];
}

/** The commit the run began on, which only a worker knows. */
export const BASE = 'base';

/** Gives a member a new name in every visit and try, so old work is never mistaken for new. */
export function memberIdFor({ frames }: Pick<Run, 'frames'>, tree: string): string {
  const frame = frames[tree] ?? frames[splitKey(tree).frame];
  return `${tree}@${frame?.parentVisit ?? 1}.${frame?.tries ?? 0}`;
}

/** The last commit a member made itself; null if it has made none. */
export function memberHead(run: Members, tree: string): string | null {
  return run.trees[memberIdFor(run, tree)] ?? null;
}

/** The commit whose files a worktree holds; null for the one the run began on. */
export function treeHead(run: Run, tree: string): string | null {
  const own = tree === '' ? null : memberHead(run, tree);
  return own ?? run.uncommitted?.sha ?? run.headSha;
}

/** Records that a member's worktree is now on another commit. */
export function withMemberHead(run: Members, tree: string, commit: string): Pick<Run, 'trees'> {
  return { trees: { ...run.trees, [memberIdFor(run, tree)]: commit } };
}
