import type { Attempt } from './attempt.ts';
import type { NodeTree } from './node-tree.ts';
import type { StepDeps } from './step-deps.ts';

/** A worker that died after its push has left all of it: only that commit has these trailers. */
export async function pushedBefore(
  deps: StepDeps,
  { stored, node, visit, startOver, signal }: Attempt,
  { worktree, branch }: Pick<NodeTree, 'worktree' | 'branch'>,
): Promise<string | null> {
  if (!startOver) return null;
  const credential = { token: await deps.tokens.toRead(stored.context) };
  const tip = await deps.worktrees.workspaces.tip(worktree, { branch, credential, signal });
  const ours = [
    `Sluice-Run: ${stored.run.id}`,
    `Sluice-Step: ${node}`,
    `Sluice-Visit: ${visit}`,
  ].every((line) => tip?.trailers.includes(line));
  return tip !== null && ours ? tip.sha : null;
}
