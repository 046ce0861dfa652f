import type { SubjectChange } from '../../render/prompt/change-section.ts';
import type { Attempt } from '../attempt.ts';
import type { StepDeps } from '../step-deps.ts';

/** What the run's pull request changes; null when the run is about an issue. */
export async function readChange(
  deps: StepDeps,
  { stored, signal }: Attempt,
): Promise<SubjectChange | null> {
  const { run, context } = stored;
  const { change } = context.subject;
  if (change === undefined) return null;
  const at = run.headSha ?? context.baseSha;
  const worktree = await deps.worktrees.toLook({ runId: run.id, context, at, signal });
  const { files, patch, truncated } = await deps.worktrees.workspaces.diff(
    worktree,
    change.from,
    context.baseSha,
    { signal },
  );
  return { into: change.into, files, patch, truncated };
}
