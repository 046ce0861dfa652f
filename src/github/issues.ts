import type { ItemName, Octokit, RepositoryName } from './client.ts';
import type { OwnMark } from './comments.ts';
import { orNull } from './github-error.ts';

export interface Issue {
  readonly number: number;
  readonly nodeId: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly author: string | null;
  readonly labels: readonly string[];
  readonly isPullRequest: boolean;
  readonly url: string;
}

/** An issue, or a pull request seen as one; null if it is gone or was moved away. */
export async function findIssue(octokit: Octokit, item: ItemName): Promise<Issue | null> {
  const { owner, repo, number } = item;
  const answer = await orNull(octokit.rest.issues.get({ owner, repo, issue_number: number }));
  return answer === null ? null : issueOf(answer.data);
}

const MOST_OPEN_ITEMS = 1000;

/**
 * Open issues and pull requests with this label, oldest first, at most a thousand.
 * @awaits the state scan
 */
export async function findOpenItemsWithLabel(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  label: string,
): Promise<Issue[]> {
  const pages = octokit.paginate.iterator(octokit.rest.issues.listForRepo, {
    owner,
    repo,
    labels: label,
    state: 'open',
    sort: 'created',
    direction: 'asc',
    per_page: 100,
  });
  const found: Issue[] = [];
  for await (const { data } of pages) {
    found.push(...data.map(issueOf));
    if (found.length >= MOST_OPEN_ITEMS) break;
  }
  return found.slice(0, MOST_OPEN_ITEMS);
}

/**
 * Creates an issue on every call. After a crash or an `uncertain` failure, ask
 * `findOwnIssue` first.
 */
export async function createIssue(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  { title, body }: { readonly title: string; readonly body: string },
): Promise<Issue> {
  const { data } = await octokit.rest.issues.create({ owner, repo, title, body });
  return issueOf(data);
}

/** The issue opened by our app that carries the marker; anybody can copy a marker. */
export async function findOwnIssue(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  mark: OwnMark,
): Promise<Issue | null> {
  const pages = octokit.paginate.iterator(octokit.rest.issues.listForRepo, {
    owner,
    repo,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
    ...(mark.since && { since: mark.since.toISOString() }),
  });
  for await (const { data } of pages) {
    const own = data.find(
      (issue) =>
        issue.performed_via_github_app?.id === mark.appId &&
        issue.user?.type === 'Bot' &&
        issue.body?.startsWith(mark.marker) === true,
    );
    if (own !== undefined) return issueOf(own);
  }
  return null;
}

export interface Labeling {
  readonly actor: string;
  readonly at: Date;
}

/**
 * Who set a label last, and when; null if the history does not say.
 * @awaits the state scan
 */
export async function findLabeling(
  octokit: Octokit,
  item: ItemName,
  label: string,
): Promise<Labeling | null> {
  const events = await octokit.paginate(octokit.rest.issues.listEvents, {
    owner: item.owner,
    repo: item.repo,
    issue_number: item.number,
    per_page: 100,
  });
  const last = events.findLast(
    (event) => event.event === 'labeled' && 'label' in event && event.label.name === label,
  );
  if (last?.actor == null) return null;
  return { actor: last.actor.login, at: new Date(last.created_at) };
}

interface IssueAnswer {
  number: number;
  node_id: string;
  title: string;
  body?: string | null;
  state: string;
  user: { login: string } | null;
  labels: (string | { name?: string })[];
  pull_request?: unknown;
  html_url: string;
}

function issueOf(data: IssueAnswer): Issue {
  return {
    number: data.number,
    nodeId: data.node_id,
    title: data.title,
    body: data.body ?? '',
    state: data.state === 'open' ? 'open' : 'closed',
    author: data.user?.login ?? null,
    labels: data.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
    isPullRequest: data.pull_request !== undefined,
    url: data.html_url,
  };
}
