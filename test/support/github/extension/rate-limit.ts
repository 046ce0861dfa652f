import type { Context } from './context.ts';
import { type ApiRequest, type Handler, problem } from './http.ts';

const HOUR_MS = 60 * 60 * 1000;
const UNENFORCED_LIMIT = 15_000;

/** GitHub's primary limit per installation or user and hour. Without `limit` it is only reported, never reached. */
export function rateLimit(context: Context, limit: number | undefined): Handler {
  const windows = new Map<string, { used: number; reset: number }>();

  const windowOf = ({ caller }: ApiRequest) => {
    const key = caller.kind === 'installation' ? `app ${caller.appId}` : caller.login;
    const known = windows.get(key);
    if (known !== undefined && known.reset > context.clock.now()) return known;
    const fresh = { used: 0, reset: context.clock.now() + HOUR_MS };
    windows.set(key, fresh);
    return fresh;
  };

  return async (request, next) => {
    const window = windowOf(request);
    window.used += 1;
    const allowed = limit ?? UNENFORCED_LIMIT;
    const exhausted = limit !== undefined && window.used > limit;
    const answer = exhausted
      ? problem(403, `API rate limit exceeded for ${request.caller.login}.`)
      : await next(request);
    const headers = {
      'x-ratelimit-limit': String(allowed),
      'x-ratelimit-remaining': String(Math.max(allowed - window.used, limit === undefined ? 1 : 0)),
      'x-ratelimit-used': String(window.used),
      'x-ratelimit-reset': String(Math.ceil(window.reset / 1000)),
      'x-ratelimit-resource': 'core',
    };
    return { ...answer, headers: { ...answer.headers, ...headers } };
  };
}
