import type { RepoRow } from '../emulate/rows.ts';
import type { BareRepositories } from '../git/bare-repositories.ts';
import { git } from '../git/git.ts';
import { mirrorDown } from '../git/mirror-down.ts';
import type { Context } from './context.ts';
import { type ApiRequest, type ApiResponse, type Handler, notFound } from './http.ts';
import { pullOf } from './pull-requests.ts';

/** Pull requests and comparisons as the diff git makes, for those who accept one. */
export function routeDiffs(context: Context, repositories: BareRepositories): void {
  const { routes } = context;

  routes.on(
    'GET',
    '/repos/:owner/:repo/pulls/:number',
    whenDiff((request) => {
      const found = pullOf(context, request);
      if (found === null) return notFound();
      const { base_sha, head_sha } = found.pull;
      return diff(context, repositories, found.repo, `${base_sha}...${head_sha}`);
    }),
  );

  routes.on(
    'GET',
    '/repos/:owner/:repo/compare/:basehead+',
    whenDiff((request) => {
      const repo = context.repository(request.params);
      if (repo === undefined) return notFound();
      return diff(context, repositories, repo, request.params['basehead'] ?? '');
    }),
  );
}

const whenDiff =
  (handler: (request: ApiRequest) => ReturnType<Handler>): Handler =>
  (request, next) =>
    /vnd\.github(\.v3)?\.diff/.test(request.headers.get('accept') ?? '')
      ? handler(request)
      : next(request);

async function diff(
  context: Context,
  repositories: BareRepositories,
  repo: RepoRow,
  range: string,
): Promise<ApiResponse> {
  const body = await repositories.locked(repo, async (dir) => {
    await mirrorDown(context, repo, dir);
    return git(dir, ['diff', '--end-of-options', range]);
  });
  const type = 'application/vnd.github.diff; charset=utf-8';
  return { status: 200, headers: { 'content-type': type }, body };
}
