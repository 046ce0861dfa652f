import type { CommentRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import type { Events } from './events.ts';
import { type ApiRequest, type ApiResponse, fields, notFound, pageOf, reply } from './http.ts';
import { asIssue } from './issues.ts';

const OF_ISSUE = '/repos/:owner/:repo/issues/:number/comments';
const OF_REPOSITORY = '/repos/:owner/:repo/issues/comments';
const ONE = `${OF_REPOSITORY}/:id`;

/** Comment lists that honour `since`, sorting and pages; an edit tells the old text, and only when the text changed. */
export function routeComments(context: Context, events: Events): void {
  const { routes } = context;

  routes.on('GET', OF_ISSUE, (request) => {
    const number = Number(request.params['number']);
    const rows = issueComments(context, request)?.filter((row) => row.issue_number === number);
    return list(context, request, rows);
  });

  routes.on('GET', OF_REPOSITORY, (request) => {
    const query = request.url.searchParams;
    const key = query.get('sort') === 'updated' ? 'updated_at' : 'created_at';
    const sign = query.get('direction') === 'desc' ? -1 : 1;
    const rows = issueComments(context, request);
    const sorted = rows?.toSorted((a, b) => sign * (a[key].localeCompare(b[key]) || a.id - b.id));
    return list(context, request, sorted);
  });

  routes.on('PATCH', ONE, async (request, next) => {
    const before = context.store.comments.get(Number(request.params['id']));
    const repo = context.repository(request.params);
    const { body } = fields(request);
    if (before === undefined || repo === undefined || typeof body !== 'string') {
      return next(request);
    }
    const answer = await next(request);
    const issue = context.store.issues
      .findBy('repo_id', repo.id)
      .find((row) => row.number === before.issue_number);
    if (answer.status === 200 && before.body !== body && issue !== undefined) {
      const changes = { body: { from: before.body } };
      const told = { issue: asIssue(context, repo, issue), comment: answer.body, changes };
      await events.emit('issue_comment', { action: 'edited', ...told }, repo);
    }
    return answer;
  });
}

function issueComments(context: Context, request: ApiRequest): CommentRow[] | undefined {
  const repo = context.repository(request.params);
  const since = request.url.searchParams.get('since');
  if (repo === undefined) return undefined;
  return context.store.comments
    .findBy('repo_id', repo.id)
    .filter((row) => row.comment_type === 'issue')
    .filter((row) => since === null || wholeSecond(row.updated_at) >= Date.parse(since))
    .toSorted((a, b) => a.id - b.id);
}

/** GitHub's times have no milliseconds; what it is asked for may have. */
function wholeSecond(time: string): number {
  return Math.floor(Date.parse(time) / 1_000) * 1_000;
}

async function list(
  context: Context,
  request: ApiRequest,
  rows: CommentRow[] | undefined,
): Promise<ApiResponse> {
  if (rows === undefined) return notFound();
  const { owner, repo } = request.params;
  const { slice, headers } = pageOf(request, rows);
  const comments = await Promise.all(
    slice.map((row) => context.core('GET', `/repos/${owner}/${repo}/issues/comments/${row.id}`)),
  );
  return reply(comments, 200, headers);
}
