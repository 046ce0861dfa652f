import type { Octokit, RepositoryName } from './client.ts';
import { orNull } from './github-error.ts';

export interface Branch {
  readonly name: string;
  readonly sha: string;
  readonly protected: boolean;
}

/** A branch and the commit it points to now; null if there is no such branch. */
export async function findBranch(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  branch: string,
): Promise<Branch | null> {
  const answer = await orNull(octokit.rest.repos.getBranch({ owner, repo, branch }));
  if (answer === null) return null;
  const { name, commit, protected: isProtected } = answer.data;
  return { name, sha: commit.sha, protected: isProtected };
}
