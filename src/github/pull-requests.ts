import type { ItemName, Octokit, RepositoryName } from './client.ts';
import { isGitHubError, orNull } from './github-error.ts';

export interface PullRequest {
  readonly number: number;
  readonly nodeId: string;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
  readonly author: string | null;
  readonly baseBranch: string;
  readonly baseSha: string;
  readonly headBranch: string;
  readonly headSha: string;
  /** The repository its head is in; null if the fork was deleted. */
  readonly headRepository: string | null;
  /** The head is not a branch of the repository itself: read-only for us. */
  readonly fromFork: boolean;
  readonly labels: readonly string[];
}

export interface NewPullRequest {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  /** Absent for a draft. */
  readonly draft?: boolean;
}

export async function findPullRequest(
  octokit: Octokit,
  item: ItemName,
): Promise<PullRequest | null> {
  const { owner, repo, number } = item;
  const answer = await orNull(octokit.rest.pulls.get({ owner, repo, pull_number: number }));
  return answer === null ? null : pullRequestOf(answer.data);
}

/** The newest pull request from a branch of the repository itself: open, closed or merged. */
export async function findPullRequestOfBranch(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  branch: string,
): Promise<PullRequest | null> {
  const { data } = await octokit.rest.pulls.list({
    owner,
    repo,
    head: `${owner}:${branch}`,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  });
  // For an unknown branch, GitHub ignores the filter.
  const found = data.find(
    (pull) => pull.head.ref === branch && pull.head.repo?.id === pull.base.repo.id,
  );
  return found === undefined ? null : pullRequestOf(found);
}

/** Open pull requests from the repository's own branches with this prefix, among its newest hundred. */
export async function findOpenPullRequests(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  branchPrefix: string,
): Promise<PullRequest[]> {
  const { data } = await octokit.rest.pulls.list({
    owner,
    repo,
    state: 'open',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  });
  return data
    .filter((pull) => pull.head.ref.startsWith(branchPrefix))
    .map(pullRequestOf)
    .filter(({ fromFork }) => !fromFork);
}

/**
 * The pull request of a branch: the existing one, in whatever state, or a new one. Calling it twice
 * creates one; where a repository has no drafts it is an ordinary one, and `draft` says so.
 */
export async function ensurePullRequest(
  octokit: Octokit,
  repository: RepositoryName,
  wanted: NewPullRequest,
): Promise<PullRequest> {
  const known = await findPullRequestOfBranch(octokit, repository, wanted.head);
  if (known !== null) return known;
  try {
    return await createPullRequest(octokit, repository, wanted, wanted.draft ?? true);
  } catch (error) {
    if (!isGitHubError(error, 'validation')) throw error;
  }
  // Refused: somebody was faster, or there are no drafts here. Any other reason is refused again.
  const other = await findPullRequestOfBranch(octokit, repository, wanted.head);
  return other ?? (await createPullRequest(octokit, repository, wanted, false));
}

/** Replaces title or body, closes it or reopens it. `gone` if there is no such pull request. */
export async function updatePullRequest(
  octokit: Octokit,
  item: ItemName,
  change: { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' },
): Promise<'updated' | 'gone'> {
  const { owner, repo, number } = item;
  const answer = await orNull(
    octokit.rest.pulls.update({
      owner,
      repo,
      pull_number: number,
      ...(change.title !== undefined && { title: change.title }),
      ...(change.body !== undefined && { body: change.body }),
      ...(change.state !== undefined && { state: change.state }),
    }),
  );
  return answer === null ? 'gone' : 'updated';
}

const MARK_READY = `mutation ($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

/** Ends draft state. Reads first, so repeating it changes nothing. `closed` if it is too late. */
export async function markReadyForReview(
  octokit: Octokit,
  item: ItemName,
): Promise<'ready' | 'closed' | 'gone'> {
  const pull = await findPullRequest(octokit, item);
  if (pull === null) return 'gone';
  if (pull.state === 'closed') return 'closed';
  if (pull.draft) await mutate(octokit, MARK_READY, pull.nodeId);
  return 'ready';
}

async function createPullRequest(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  { title, body, head, base }: NewPullRequest,
  draft: boolean,
): Promise<PullRequest> {
  const { data } = await octokit.rest.pulls.create({ owner, repo, title, body, head, base, draft });
  return pullRequestOf(data);
}

async function mutate(octokit: Octokit, mutation: string, id: string): Promise<void> {
  await octokit.graphql(mutation, { id, request: { repeatable: true } });
}

interface PullAnswer {
  number: number;
  node_id: string;
  html_url: string;
  title: string;
  body: string | null;
  state: string;
  merged_at: string | null;
  draft?: boolean;
  user: { login: string } | null;
  base: { ref: string; sha: string; repo: { id: number } };
  head: { ref: string; sha: string; repo: { id: number; full_name: string } | null };
  labels: { name?: string }[];
}

function pullRequestOf(data: PullAnswer): PullRequest {
  return {
    number: data.number,
    nodeId: data.node_id,
    url: data.html_url,
    title: data.title,
    body: data.body ?? '',
    state: data.state === 'open' ? 'open' : 'closed',
    merged: data.merged_at !== null,
    draft: data.draft ?? false,
    author: data.user?.login ?? null,
    baseBranch: data.base.ref,
    baseSha: data.base.sha,
    headBranch: data.head.ref,
    headSha: data.head.sha,
    headRepository: data.head.repo?.full_name ?? null,
    fromFork: data.head.repo?.id !== data.base.repo.id,
    labels: data.labels.map((label) => label.name ?? ''),
  };
}
