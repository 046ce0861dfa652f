import type { RepoRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import { type ApiRequest, fields, forbidden, notFound, problem } from './http.ts';
import { atLeast, callerRole, canRead, type Role } from './roles.ts';

interface Rule {
  methods: string[];
  path: string;
  role: Role;
  /** Authors may do this to their own thing whatever their role. */
  author?: (context: Context, repo: RepoRow, request: ApiRequest) => number | undefined;
  message?: string;
}

const ADMIN_RIGHTS = 'Must have admin rights to Repository.';

const issueAuthor: Rule['author'] = (context, repo, { params }) =>
  context.store.issues
    .findBy('repo_id', repo.id)
    .find((issue) => issue.number === Number(params['number']))?.user_id;
const commentAuthor: Rule['author'] = (context, _repo, { params }) =>
  context.store.comments.get(Number(params['id']))?.user_id;

const issue = '/repos/:owner/:repo/issues/:number';
const pull = '/repos/:owner/:repo/pulls/:number';
const RULES: Rule[] = [
  { methods: ['POST', 'PUT', 'DELETE'], path: `${issue}/labels`, role: 'triage' },
  { methods: ['DELETE'], path: `${issue}/labels/:name`, role: 'triage' },
  { methods: ['POST', 'DELETE'], path: `${issue}/assignees`, role: 'triage' },
  { methods: ['PUT', 'DELETE'], path: `${issue}/lock`, role: 'write' },
  { methods: ['PATCH'], path: issue, role: 'triage', author: issueAuthor },
  {
    methods: ['PATCH', 'DELETE'],
    path: '/repos/:owner/:repo/issues/comments/:id',
    role: 'write',
    author: commentAuthor,
  },
  { methods: ['POST'], path: '/repos/:owner/:repo/labels', role: 'write' },
  { methods: ['PATCH', 'DELETE'], path: '/repos/:owner/:repo/labels/:name', role: 'write' },
  { methods: ['POST'], path: '/repos/:owner/:repo/pulls', role: 'write' },
  { methods: ['PATCH'], path: pull, role: 'write', author: issueAuthor },
  { methods: ['PUT'], path: `${pull}/merge`, role: 'write' },
  { methods: ['PUT'], path: `${pull}/update-branch`, role: 'write' },
  { methods: ['POST', 'DELETE'], path: `${pull}/requested_reviewers`, role: 'triage' },
];

/** What emulate does not ask: a person's rank. Installations are judged by their permissions, in emulate. */
export function routeAccessRules(context: Context): void {
  const { routes } = context;

  for (const pattern of ['/repos/:owner/:repo', '/repos/:owner/:repo/:rest+']) {
    routes.on('*', pattern, (request, next) => {
      const repo = context.repository(request.params);
      if (repo === undefined || !canRead(context, repo, request.caller)) return notFound();
      return next(request);
    });
  }

  for (const rule of RULES) {
    for (const method of rule.methods) {
      routes.on(method, rule.path, (request, next) => {
        if (request.caller.kind === 'anonymous') return problem(401, 'Requires authentication');
        const repo = context.repository(request.params);
        if (repo === undefined) return notFound();
        const author = rule.author?.(context, repo, request);
        const allowed =
          request.caller.kind !== 'user' ||
          atLeast(callerRole(context, repo, request.caller), rule.role) ||
          (author !== undefined && author === context.user(request.caller.login)?.id);
        return allowed ? next(request) : forbidden(rule.message ?? ADMIN_RIGHTS);
      });
    }
  }

  for (const [method, path] of [
    ['POST', '/repos/:owner/:repo/issues'],
    ['PATCH', issue],
  ] as const) {
    routes.on(method, path, (request, next) => next(withoutForbiddenFields(context, request)));
  }

  for (const [method, path] of [
    ['POST', '/repos/:owner/:repo/check-runs'],
    ['PATCH', '/repos/:owner/:repo/check-runs/:id'],
    ['POST', '/repos/:owner/:repo/check-suites'],
  ] as const) {
    routes.on(method, path, (request, next) =>
      request.caller.kind === 'installation'
        ? next(request)
        : forbidden('You must authenticate via a GitHub App.'),
    );
  }
}

/** GitHub silently drops labels, assignees and milestones from people who may not set them. */
function withoutForbiddenFields(context: Context, request: ApiRequest): ApiRequest {
  const repo = context.repository(request.params);
  if (request.caller.kind !== 'user' || repo === undefined) return request;
  if (atLeast(callerRole(context, repo, request.caller), 'triage')) return request;
  const {
    labels: _labels,
    assignees: _assignees,
    milestone: _milestone,
    ...body
  } = fields(request);
  return { ...request, body };
}
