import type { PullRow, RepoRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';
import {
  type ApiRequest,
  type ApiResponse,
  fields,
  invalid,
  notFound,
  paged,
  reply,
} from './http.ts';
import { changesOf, compare, findPull, refreshPull } from './pull-facts.ts';

const LIST = '/repos/:owner/:repo/pulls';
const ONE = `${LIST}/:number`;

/** Pull requests with real files, counts and refusals. Drafts change through GraphQL only, as on GitHub. */
export function routePullRequests(context: Context): void {
  const { routes } = context;

  routes.on('POST', LIST, async (request, next) => {
    const repo = context.repository(request.params);
    if (repo === undefined) return notFound();
    const refused = await refusal(context, repo, request);
    if (refused !== null) return refused;
    const answer = await next(request);
    if (answer.status !== 201) return answer;
    const { number } = answer.body as PullRow;
    await refreshPull(context, repo, number);
    const path = `/repos/${repo.full_name}/pulls/${number}`;
    return { ...answer, body: await context.core('GET', path) };
  });

  routes.on('PATCH', ONE, (request, next) => {
    const { draft: _draft, ...body } = fields(request);
    return next({ ...request, body });
  });

  routes.on('POST', `${ONE}/requested_reviewers`, async (request, next) => {
    const answer = await next(request);
    return answer.status === 200 ? { ...answer, status: 201 } : answer;
  });

  routes.on('GET', `${ONE}/files`, async (request) => {
    const found = pullOf(context, request);
    if (found === null) return notFound();
    const { files } = await changesOf(context, found.repo, found.pull);
    return paged(request, files, (file) => file);
  });

  routes.on('GET', `${ONE}/commits`, async (request) => {
    const found = pullOf(context, request);
    if (found === null) return notFound();
    const { commits } = await changesOf(context, found.repo, found.pull);
    return paged(request, commits, (commit) => commit);
  });

  routes.on('GET', '/repos/:owner/:repo/commits/:sha/pulls', async (request) => {
    const repo = context.repository(request.params);
    if (repo === undefined) return notFound();
    const pulls = await containing(context, repo, request.params['sha'] ?? '');
    const full = await Promise.all(
      pulls.map((pull) => context.core('GET', `/repos/${repo.full_name}/pulls/${pull.number}`)),
    );
    return reply(full);
  });
}

export function pullOf(
  context: Context,
  request: ApiRequest,
): { repo: RepoRow; pull: PullRow } | null {
  const repo = context.repository(request.params);
  const pull = repo && findPull(context, repo, Number(request.params['number']));
  return repo !== undefined && pull !== undefined ? { repo, pull } : null;
}

async function refusal(
  context: Context,
  repo: RepoRow,
  request: ApiRequest,
): Promise<ApiResponse | null> {
  const resource = 'PullRequest';
  const custom = (message: string) => invalid({ resource, code: 'custom', message });
  const body = fields(request);
  const head = String(body['head']).split(':').pop() ?? '';
  const base = String(body['base']);
  const headSha = branchSha(context, repo, head);
  const baseSha = branchSha(context, repo, base);
  if (headSha === undefined) return invalid({ resource, code: 'invalid', field: 'head' });
  if (baseSha === undefined) return invalid({ resource, code: 'invalid', field: 'base' });
  const { ahead_by } = await compare(context, repo, baseSha, headSha);
  if (ahead_by === 0) return custom(`No commits between ${base} and ${head}`);
  const exists = context.store.pullRequests
    .findBy('repo_id', repo.id)
    .some((pull) => pull.state === 'open' && pull.head_ref === head && pull.base_ref === base);
  const owner = repo.full_name.split('/')[0];
  return exists ? custom(`A pull request already exists for ${owner}:${head}.`) : null;
}

function branchSha(context: Context, repo: RepoRow, branch: string): string | undefined {
  const rows = context.store.refs.findBy('repo_id', repo.id);
  return rows.find((row) => row.ref === `refs/heads/${branch}`)?.sha;
}

async function containing(context: Context, repo: RepoRow, sha: string): Promise<PullRow[]> {
  const found: PullRow[] = [];
  for (const pull of context.store.pullRequests.findBy('repo_id', repo.id)) {
    const direct = pull.head_sha === sha || pull.merge_commit_sha === sha;
    const contained = async () =>
      (await changesOf(context, repo, pull)).commits.some((commit) => commit.sha === sha);
    if (direct || (await contained())) found.push(pull);
  }
  return found;
}
