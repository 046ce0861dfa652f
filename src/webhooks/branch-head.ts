import { findBranch } from '../github/repository.ts';
import type { StoredRun } from '../runs/thread-runs.ts';
import type { CommandRequest } from './request.ts';

/** Where a run's branch stands on GitHub; asked now, because a push may be under way to us. Null: it has none. */
export async function readBranchHead(
  { octokit, repository }: Pick<CommandRequest, 'octokit' | 'repository'>,
  { run, context }: StoredRun,
): Promise<string | null> {
  if (run.headSha === null) return null;
  const name = { owner: repository.owner, repo: repository.name };
  return (await findBranch(octokit, name, context.branch))?.sha ?? null;
}
