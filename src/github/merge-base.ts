import type { Octokit, RepositoryName } from './client.ts';
import { orNull } from './github-error.ts';

/** The commit where two histories diverged; null if they share nothing or one is gone. */
export async function findMergeBase(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  base: string,
  head: string,
): Promise<string | null> {
  const basehead = `${base}...${head}`;
  const answer = await orNull(
    octokit.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead, per_page: 1 }),
  );
  return answer?.data.merge_base_commit.sha ?? null;
}
