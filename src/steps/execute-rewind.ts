import { answered, failed } from './answer.ts';
import type { Attempt, Executed } from './attempt.ts';
import { commitRewind } from './commit-step.ts';
import { openNodeTree } from './node-tree.ts';
import type { StepDeps } from './step-deps.ts';

/** Rewinds the branch for a node that does not work on files: a new commit with the old content. */
export async function executeRewind(deps: StepDeps, attempt: Attempt): Promise<Executed> {
  const tree = await openNodeTree(deps, attempt, 'objects');
  const committed = await commitRewind(deps, attempt, tree);
  if (committed.type === 'refused') return failed(committed.failure);
  const headline = 'The files are as they were.';
  const { sha: commit, headSha } = committed;
  const about = { name: null, at: deps.runs.now() };
  const { result } = answered(attempt, about, { text: headline, headline, commit, headSha });
  return { result, output: null };
}
