import type { ThreadComment } from '../forge/items.ts';
import type { ItemName, Octokit, RepositoryName } from './client.ts';
import { isGitHubError, orNull } from './github-error.ts';

export interface PostedComment {
  readonly id: number;
  readonly nodeId: string;
  readonly url: string;
  /** When GitHub says it was written, in whole seconds. */
  readonly createdAt: string;
}

export interface OwnMark {
  /** What the body starts with; unique to the thing the comment shows. */
  readonly marker: string;
  readonly appId: number;
  /** Older comments are not searched. */
  readonly since?: Date | undefined;
}

/**
 * Creates a comment on every call. After a crash or an `uncertain` failure, ask
 * `findOwnComment` first.
 */
export async function createComment(
  octokit: Octokit,
  item: ItemName,
  body: string,
  options: { readonly urgent?: boolean } = {},
): Promise<PostedComment> {
  const { data } = await octokit.rest.issues.createComment({
    owner: item.owner,
    repo: item.repo,
    issue_number: item.number,
    body,
    request: { urgent: options.urgent ?? false },
  });
  return posted(data);
}

/** Replaces a comment's text. `gone` if somebody deleted it. */
export async function updateComment(
  octokit: Octokit,
  repository: RepositoryName,
  commentId: number,
  body: string,
  options: { readonly urgent?: boolean } = {},
): Promise<'updated' | 'gone'> {
  const answer = await orNull(
    octokit.rest.issues.updateComment({
      owner: repository.owner,
      repo: repository.repo,
      comment_id: commentId,
      body,
      request: { urgent: options.urgent ?? false },
    }),
  );
  return answer === null ? 'gone' : 'updated';
}

/** The oldest comment written by our app that carries the marker; anybody can copy a marker. */
export async function findOwnComment(
  octokit: Octokit,
  item: ItemName,
  mark: OwnMark,
): Promise<PostedComment | null> {
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    owner: item.owner,
    repo: item.repo,
    issue_number: item.number,
    per_page: 100,
    ...(mark.since && { since: mark.since.toISOString() }),
  });
  for await (const { data } of pages) {
    const own = data.find(
      (comment) =>
        comment.performed_via_github_app?.id === mark.appId &&
        comment.user?.type === 'Bot' &&
        comment.body?.startsWith(mark.marker) === true,
    );
    if (own !== undefined) return posted(own);
  }
  return null;
}

export type MinimizeReason = 'OUTDATED' | 'RESOLVED';

/** Folds a comment. Repeating it changes nothing. */
export async function minimizeComment(
  octokit: Octokit,
  nodeId: string,
  reason: MinimizeReason,
): Promise<'minimized' | 'gone'> {
  const mutation = `mutation ($id: ID!, $reason: ReportedContentClassifiers!) {
    minimizeComment(input: { subjectId: $id, classifier: $reason }) {
      minimizedComment { isMinimized }
    }
  }`;
  try {
    await octokit.graphql(mutation, { id: nodeId, reason, request: { repeatable: true } });
    return 'minimized';
  } catch (error) {
    if (isGitHubError(error, 'not-found')) return 'gone';
    throw error;
  }
}

function posted(comment: {
  id: number;
  node_id: string;
  html_url: string;
  created_at: string;
}): PostedComment {
  const { id, node_id: nodeId, html_url: url, created_at: createdAt } = comment;
  return { id, nodeId, url, createdAt };
}

const MOST_COMMENTS = 1_000;

/** The latest comments of a thread, oldest first. */
export async function listLatestComments(
  octokit: Octokit,
  { owner, repo, number }: ItemName,
  limit: number,
): Promise<ThreadComment[]> {
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  const found: ThreadComment[] = [];
  for await (const { data } of pages) {
    found.push(
      ...data.map((comment) => ({
        id: comment.id,
        author: comment.user?.login ?? 'ghost',
        byBot: comment.user?.type !== 'User',
        at: comment.created_at,
        body: comment.body ?? '',
      })),
    );
    if (found.length >= MOST_COMMENTS) break;
  }
  return found.slice(-limit);
}
