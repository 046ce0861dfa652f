import type { Octokit, RepositoryName } from './client.ts';
import { orNull } from './github-error.ts';

export interface Repository extends RepositoryName {
  readonly id: number;
  readonly defaultBranch: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly cloneUrl: string;
  readonly url: string;
}

export interface Branch {
  readonly name: string;
  readonly sha: string;
  readonly protected: boolean;
}

/** Null: there is none, or the installation may not see it. */
export async function findRepository(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
): Promise<Repository | null> {
  const answer = await orNull(octokit.rest.repos.get({ owner, repo }));
  if (answer === null) return null;
  const { data } = answer;
  return {
    owner: data.owner.login,
    repo: data.name,
    id: data.id,
    defaultBranch: data.default_branch,
    private: data.private,
    archived: data.archived,
    cloneUrl: data.clone_url,
    url: data.html_url,
  };
}

/** A branch and the commit it points to now; null when there is no such branch. */
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

/** Where the default branch points now; null for a repository without commits. */
export async function findDefaultBranch(
  octokit: Octokit,
  repository: RepositoryName,
): Promise<Branch | null> {
  const found = await findRepository(octokit, repository);
  return found === null ? null : await findBranch(octokit, found, found.defaultBranch);
}
