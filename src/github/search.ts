import type { Octokit, RepositoryName } from './client.ts';
import { isGitHubError } from './github-error.ts';

/** Whether a search for issues and pull requests finds anything in the repository; `refused` if GitHub cannot parse it. */
export async function searchItems(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  query: string,
): Promise<'hit' | 'none' | 'refused'> {
  try {
    const { data } = await octokit.rest.search.issuesAndPullRequests({
      q: `repo:${owner}/${repo} ${query}`,
      per_page: 100,
    });
    // A query that names other repositories also finds things there.
    const here = `/repos/${owner}/${repo}`.toLowerCase();
    const isHit = data.items.some((item) => item.repository_url.toLowerCase().endsWith(here));
    return isHit ? 'hit' : 'none';
  } catch (error) {
    if (isGitHubError(error, 'validation')) return 'refused';
    throw error;
  }
}
