import type { Emulation } from '../emulate/load-plugin.ts';
import type { TokenOwner } from '../emulate/rows.ts';
import type { ApiRequest, ApiResponse, Caller } from './http.ts';

const USES_PER_ALIAS = 4000;

/**
 * Passes a request to emulate in process. emulate counts 5,000 requests an hour per token and cannot be told otherwise,
 * so every token travels under an alias that is replaced before it is used up; our own limit is in `rate-limit.ts`.
 */
export function coreOf(emulation: Emulation) {
  const aliases = new Map<string, { alias: string; uses: number }>();
  let counter = 0;

  const aliasFor = (owner: TokenOwner): string => {
    const key = JSON.stringify(owner);
    const known = aliases.get(key);
    if (known !== undefined && known.uses++ < USES_PER_ALIAS) return known.alias;
    if (known !== undefined) emulation.tokens.delete(known.alias);
    const alias = `alias-${++counter}`;
    emulation.tokens.set(alias, owner);
    aliases.set(key, { alias, uses: 1 });
    return alias;
  };

  return async (request: ApiRequest): Promise<ApiResponse> => {
    const headers = new Headers(request.headers);
    const credential = credentialOf(request.caller, aliasFor);
    headers.delete('content-length');
    headers.delete('transfer-encoding');
    if (credential === null) headers.delete('authorization');
    else headers.set('authorization', credential);
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    if (hasBody) headers.set('content-type', 'application/json');
    const response = await emulation.core.fetch(
      new Request(request.url, {
        method: request.method,
        headers,
        ...(hasBody && { body: JSON.stringify(request.body ?? {}) }),
      }),
    );
    return answerOf(response);
  };
}

function credentialOf(caller: Caller, aliasFor: (owner: TokenOwner) => string): string | null {
  if (caller.kind === 'app') return `Bearer ${caller.token}`;
  return caller.owner === null ? null : `token ${aliasFor(caller.owner)}`;
}

async function answerOf(response: Response): Promise<ApiResponse> {
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers) {
    if (!/^(x-ratelimit|content-length|access-control)/.test(name)) headers[name] = value;
  }
  const { status } = response;
  if (status === 204 || response.body === null) return { status, headers, body: undefined };
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) return { status, headers, body: undefined };
  if (!(headers['content-type'] ?? '').startsWith('application/json'))
    return { status, headers, body: bytes };
  return { status, headers, body: JSON.parse(new TextDecoder().decode(bytes)) };
}
