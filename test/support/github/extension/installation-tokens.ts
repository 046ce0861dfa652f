import type { Context } from './context.ts';
import { type ApiResponse, forbidden, noContent, pageOf, reply } from './http.ts';
import { TOKEN_LIFETIME_MS } from './limits.ts';

/** Installation tokens that end by our clock, can be revoked and can list their repositories. */
export function routeInstallationTokens(context: Context): void {
  const { routes } = context;

  routes.on('POST', '/app/installations/:id/access_tokens', async (request, next) => {
    const answer = await next(request);
    if (answer.status !== 201) return answer;
    const minted = answer.body as { token: string; expires_at: string };
    const grant = context.tokens.get(minted.token)?.installation;
    if (grant !== undefined) grant.permissions['metadata'] = 'read'; // implied, on GitHub too
    const expiry = context.clock.now() + TOKEN_LIFETIME_MS;
    context.expiries.set(minted.token, expiry);
    const expiresAt = new Date(expiry).toISOString().replace(/\.\d+Z$/, 'Z');
    const permissions = { ...grant?.permissions };
    return { ...answer, body: { ...minted, expires_at: expiresAt, permissions } };
  });

  routes.on('DELETE', '/installation/token', ({ caller }) => {
    if (caller.kind !== 'installation' || caller.token === null) return forbidden();
    context.tokens.delete(caller.token);
    return noContent();
  });

  routes.on('GET', '/installation/repositories', async (request): Promise<ApiResponse> => {
    const grant = request.caller.owner?.installation;
    if (grant === undefined) return forbidden();
    const visible = context.store.repos
      .all()
      .filter((repo) => repo.owner_id === grant.accountId && repo.owner_type === grant.accountType)
      .filter(
        (repo) => grant.repositorySelection === 'all' || grant.repositoryIds.includes(repo.id),
      );
    const { slice, headers } = pageOf(request, visible);
    const repositories = await Promise.all(
      slice.map((repo) => context.core('GET', `/repos/${repo.full_name}`)),
    );
    const repository_selection = grant.repositorySelection;
    return reply({ total_count: visible.length, repository_selection, repositories }, 200, headers);
  });
}
