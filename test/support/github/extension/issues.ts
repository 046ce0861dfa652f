import type { IssueRow, RepoRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import {
  type ApiRequest,
  fields,
  type Handler,
  invalid,
  type Next,
  notFound,
  paged,
  reply,
} from './http.ts';
import { MAX_BODY_CHARACTERS } from './limits.ts';
import { simpleUser } from './people.ts';
import { findPull } from './pull-facts.ts';

const ONE = '/repos/:owner/:repo/issues/:number';

/** Pull requests are issues too: in lists, alone, and when they are changed. */
export function routeIssues(context: Context): void {
  const { routes } = context;

  for (const [method, path] of [
    ['POST', '/repos/:owner/:repo/issues'],
    ['PATCH', ONE],
    ['POST', '/repos/:owner/:repo/pulls'],
    ['PATCH', '/repos/:owner/:repo/pulls/:number'],
    ['POST', `${ONE}/comments`],
    ['PATCH', '/repos/:owner/:repo/issues/comments/:id'],
  ] as const) {
    routes.on(method, path, refuseLongBodies);
  }

  routes.on('GET', '/repos/:owner/:repo/issues', (request) => {
    const repo = context.repository(request.params);
    if (repo === undefined) return notFound();
    return paged(request, matching(context, repo, request), (row) => asIssue(context, repo, row));
  });

  routes.on('GET', ONE, (request, next) => {
    const found = pullIssue(context, request);
    return found === null ? next(request) : reply(asIssue(context, found.repo, found.row));
  });

  routes.on('PATCH', ONE, async (request, next) => {
    const found = pullIssue(context, request);
    if (found === null) return next(request);
    const { labels, assignees: _assignees, ...rest } = fields(request);
    const { caller } = request;
    const at = `/repos/${found.repo.full_name}`;
    if (Object.keys(rest).length > 0) {
      await context.core('PATCH', `${at}/pulls/${found.row.number}`, rest, caller);
    }
    if (labels !== undefined) {
      await context.core('PUT', `${at}/issues/${found.row.number}/labels`, { labels }, caller);
    }
    const row = context.store.issues.get(found.row.id) ?? found.row;
    return reply(asIssue(context, found.repo, row));
  });

  for (const method of ['POST', 'PUT', 'DELETE']) {
    for (const path of [`${ONE}/labels`, `${ONE}/labels/:name`]) {
      routes.on(method, path, (request, next) => keepingTime(context, request, next));
    }
  }

  routes.on('GET', `${ONE}/events`, (request) => history(context, request, false));
  routes.on('GET', `${ONE}/timeline`, (request) => history(context, request, true));
}

/** An issue or, as GitHub's issue API shows it, a pull request. `dress` adds what marks the latter. */
export function asIssue(context: Context, repo: RepoRow, row: IssueRow): Record<string, unknown> {
  const url = `${context.baseUrl}/repos/${repo.full_name}/issues/${row.number}`;
  const person = (id: number | null) => {
    const user = id === null ? undefined : context.store.users.get(id);
    return user === undefined ? null : simpleUser(context, user);
  };
  const assignees = row.assignee_ids.map(person);
  return {
    url,
    repository_url: `${context.baseUrl}/repos/${repo.full_name}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: `${context.baseUrl}/${repo.full_name}/issues/${row.number}`,
    id: row.id,
    node_id: row.node_id,
    number: row.number,
    title: row.title,
    body: row.body,
    user: person(row.user_id),
    labels: labelsOf(context, repo, row),
    state: row.state,
    state_reason: row.state_reason,
    locked: false,
    active_lock_reason: null,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: row.comments,
    created_at: row.created_at,
    updated_at: row.updated_at,
    closed_at: row.closed_at,
    closed_by: person(row.closed_by_id),
    author_association: 'NONE',
  };
}

export function labelsOf(context: Context, repo: RepoRow, row: IssueRow) {
  return row.label_ids.flatMap((id) => {
    const label = context.store.labels.get(id);
    if (label === undefined) return [];
    const { node_id, name, color, description, default: isDefault } = label;
    const path = `/repos/${repo.full_name}/labels/${encodeURIComponent(name)}`;
    const url = `${context.baseUrl}${path}`;
    return [{ id, node_id, url, name, color, description, default: isDefault }];
  });
}

const refuseLongBodies: Handler = (request, next) => {
  const { body } = fields(request);
  if (typeof body !== 'string' || body.length <= MAX_BODY_CHARACTERS) return next(request);
  const message = `body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`;
  return invalid({ resource: 'Issue', code: 'custom', field: 'body', message });
};

/** A label leaves `updated_at` alone on GitHub, so that a scan by time cannot rely on it. */
async function keepingTime(context: Context, request: ApiRequest, next: Next) {
  const find = () => context.store.issues.all().find((row) => isAt(context, row, request));
  const before = find()?.updated_at;
  const answer = await next(request);
  const row = find();
  if (row !== undefined && before !== undefined) row.updated_at = before;
  return answer;
}

function isAt(context: Context, row: IssueRow, { params }: ApiRequest): boolean {
  return row.number === Number(params['number']) && row.repo_id === context.repository(params)?.id;
}

function pullIssue(context: Context, request: ApiRequest): { repo: RepoRow; row: IssueRow } | null {
  const repo = context.repository(request.params);
  if (repo === undefined) return null;
  const row = context.store.issues
    .findBy('repo_id', repo.id)
    .find((each) => isAt(context, each, request));
  const isPull = row !== undefined && findPull(context, repo, row.number) !== undefined;
  return isPull ? { repo, row } : null;
}

function matching(context: Context, repo: RepoRow, request: ApiRequest): IssueRow[] {
  const query = request.url.searchParams;
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
  const since = query.get('since');
  const creator = query.get('creator');
  const creatorId = creator === null ? null : (context.user(creator)?.id ?? -1);
  const key = query.get('sort') === 'updated' ? 'updated_at' : 'created_at';
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  return context.store.issues
    .findBy('repo_id', repo.id)
    .filter((row) => state === 'all' || row.state === state)
    .filter((row) => since === null || Date.parse(row.updated_at) >= Date.parse(since))
    .filter((row) => creatorId === null || row.user_id === creatorId)
    .filter((row) => {
      const names = labelsOf(context, repo, row).map((label) => label.name.toLowerCase());
      return labels.every((label) => names.includes(label.toLowerCase()));
    })
    .toSorted((a, b) => sign * (a[key].localeCompare(b[key]) || a.id - b.id));
}

function history(context: Context, request: ApiRequest, withComments: boolean) {
  const repo = context.repository(request.params);
  const number = Number(request.params['number']);
  if (repo === undefined) return notFound();
  const actor = (id: number) => {
    const user = context.store.users.get(id);
    return user === undefined ? null : simpleUser(context, user);
  };
  const events = context.store.issueEvents
    .findBy('repo_id', repo.id)
    .filter((row) => row.issue_number === number)
    .map((row) => ({
      id: row.id,
      node_id: row.node_id,
      event: row.event,
      actor: actor(row.actor_id),
      created_at: row.created_at,
      commit_id: null,
      ...(row.label_name !== null && { label: { name: row.label_name, color: 'ededed' } }),
    }));
  const comments = context.store.comments
    .findBy('repo_id', repo.id)
    .filter((row) => row.issue_number === number && withComments)
    .map((row) => ({
      id: row.id,
      node_id: row.node_id,
      event: 'commented',
      actor: actor(row.user_id),
      created_at: row.created_at,
      body: row.body,
    }));
  const all = [...events, ...comments].toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  return paged(request, all, (each) => each);
}
