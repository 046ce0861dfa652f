import { appJwt } from '#test/support/github/app-jwt.ts';
import type { LocalGitHub } from '#test/support/github/local-github.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of many shapes, read by tests
  data: any;
}

/** Requests as an app sends them: with its installation token, or with its JSON web token for `/app…`. */
export function appClient(github: LocalGitHub) {
  let token: string | undefined;
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const asApp = /^\/app(\/|$)/.test(path);
    token ??= await github.mintToken();
    const credential = asApp ? appJwt(github.app.appId, github.app.privateKey) : token;
    const response = await fetch(`${github.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${credential}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
    const data: unknown = isJson && text !== '' ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, data };
  };
}
