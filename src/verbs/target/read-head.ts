import { findPullRequest } from '../../github/pull-requests.ts';
import { findBranch } from '../../github/repository.ts';
import type { StoredRun } from '../../runs/thread-runs.ts';
import type { CommandRequest } from '../request.ts';

interface HeadNow {
  readonly headSha: string | null;
  readonly headOf?: 'subject';
}

/**
 * Where a run's branch stands on GitHub; before it has one, the pull request the run is about. Asked now, because a
 * push may be under way to us. Null: there is neither.
 */
export async function readHead(
  { octokit, repository }: Pick<CommandRequest, 'octokit' | 'repository'>,
  { run, context }: StoredRun,
): Promise<HeadNow> {
  const name = { owner: repository.owner, repo: repository.name };
  if (run.headSha !== null) {
    return { headSha: (await findBranch(octokit, name, context.branch))?.sha ?? null };
  }
  if (run.subjectSha === null) return { headSha: null };
  const pull = await findPullRequest(octokit, { ...name, number: context.subject.number });
  return { headSha: pull?.headSha ?? null, headOf: 'subject' };
}
