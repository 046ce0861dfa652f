import type { Octokit, RepositoryName } from './client.ts';

/** Whether any of a person's latest hundred closed issues and pull requests is a merged pull request. */
export async function hasMergedPullRequest(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  login: string,
): Promise<boolean> {
  const { data } = await octokit.rest.issues.listForRepo({
    owner,
    repo,
    creator: login,
    state: 'closed',
    per_page: 100,
  });
  return data.some(({ pull_request: pull }) => pull?.merged_at != null);
}
