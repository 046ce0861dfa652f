import type { ItemName, Octokit } from './client.ts';

export interface PullRequestFile {
  readonly path: string;
  readonly status: string;
  readonly additions: number;
  readonly deletions: number;
  /** Its former path; null if unchanged. */
  readonly previousPath: string | null;
}

/** What a pull request changes, in GitHub's order, at most `limit` files. */
export async function listPullRequestFiles(
  octokit: Octokit,
  { owner, repo, number }: ItemName,
  limit: number,
): Promise<PullRequestFile[]> {
  const pages = octokit.paginate.iterator(octokit.rest.pulls.listFiles, {
    owner,
    repo,
    pull_number: number,
    per_page: 100,
  });
  const files: PullRequestFile[] = [];
  for await (const { data } of pages) {
    files.push(
      ...data.map((file) => ({
        path: file.filename,
        status: file.status,
        additions: file.additions,
        deletions: file.deletions,
        previousPath: file.previous_filename ?? null,
      })),
    );
    if (files.length >= limit) break;
  }
  return files.slice(0, limit);
}
