import { describe, expect, it } from 'vitest';
import { failureInside, failureOf, type RequestFacts } from '#src/github/failures.ts';
import { GitHubError } from '#src/github/github-error.ts';
import { TransportError } from '#src/github/transport.ts';

const NOW = 1_700_000_000_000;
const READ: RequestFacts = { method: 'GET', url: '/repos/{owner}/{repo}', repeatable: true };
const CREATE: RequestFacts = {
  method: 'POST',
  url: '/repos/{owner}/{repo}/issues',
  repeatable: false,
};
const GRAPHQL: RequestFacts = { method: 'POST', url: '/graphql', repeatable: true };

describe('failureOf', () => {
  it.each([
    { status: 400, code: 'validation' },
    { status: 401, code: 'unauthorized' },
    { status: 403, code: 'forbidden' },
    { status: 404, code: 'not-found' },
    { status: 409, code: 'validation' },
    { status: 410, code: 'not-found' },
    { status: 422, code: 'validation' },
    { status: 451, code: 'forbidden' },
    { status: 500, code: 'server' },
    { status: 502, code: 'server' },
    { status: 503, code: 'server' },
  ])('calls an answer of $status to a read "$code"', ({ status, code }) => {
    const failure = failureOf(answered(status), READ, NOW);

    expect(failure).toMatchObject({ code, status });
  });

  it.each([500, 502, 504])(
    'does not know whether a creating call answered %i happened',
    (status) => {
      const failure = failureOf(answered(status), CREATE, NOW);

      expect(failure).toMatchObject({ code: 'uncertain', status });
    },
  );

  it.each([
    { said: 'retry-after', status: 403, headers: { 'retry-after': '7' }, wait: 7000 },
    { said: 'retry-after', status: 429, headers: { 'retry-after': '7' }, wait: 7000 },
    {
      said: 'the reset time, and a second more',
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 5) },
      wait: 6000,
    },
    { said: 'nothing', status: 429, headers: {}, wait: 60_000 },
  ])('waits as told by $said in a $status', ({ status, headers, wait }) => {
    const failure = failureOf(answered(status, { headers }), CREATE, NOW);

    expect(failure).toMatchObject({ code: 'rate-limited', retryAfterMs: wait });
  });

  it('knows a limit without headers by the page it points to, not by its words', () => {
    const page = 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api';
    const limited = answered(403, { data: { message: 'slow down', documentation_url: page } });
    const refused = answered(403, {
      data: { message: 'secondary rate limit', documentation_url: '' },
    });

    expect(failureOf(limited, READ, NOW)).toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 60_000,
    });
    expect(failureOf(refused, READ, NOW)).toMatchObject({ code: 'forbidden' });
  });

  it.each([
    { reason: 'timeout', sent: true, request: READ, code: 'timeout' },
    { reason: 'network', sent: true, request: READ, code: 'network' },
    { reason: 'network', sent: true, request: CREATE, code: 'uncertain' },
    { reason: 'timeout', sent: true, request: CREATE, code: 'uncertain' },
    { reason: 'network', sent: false, request: CREATE, code: 'network' },
  ] as const)('calls $reason of $request.method, sent: $sent, "$code"', (row) => {
    const thrown = new Error('fetch failed', { cause: new TransportError(row.reason, row.sent) });

    expect(failureOf(thrown, row.request, NOW)).toMatchObject({ code: row.code });
  });

  it('leaves alone what it translated before and what is no failure of GitHub', () => {
    const known = new GitHubError('forbidden', 'suspended');
    const bug = new TypeError('x is not a function');

    expect(failureOf(known, READ, NOW)).toBe(known);
    expect(failureOf(bug, READ, NOW)).toBe(bug);
  });

  it("keeps GitHub's reason, the route and the request id for the log", () => {
    const headers = { 'x-github-request-id': 'ABCD' };
    const failure = failureOf(
      answered(422, { headers, data: { message: 'No commits' } }),
      CREATE,
      NOW,
    );

    expect(failure).toMatchObject({
      message: 'GitHub answered 422 to POST /repos/{owner}/{repo}/issues: No commits',
      fields: {
        method: 'POST',
        url: '/repos/{owner}/{repo}/issues',
        requestId: 'ABCD',
        status: 422,
      },
    });
  });
});

describe('failureInside', () => {
  const json = { 'content-type': 'application/json; charset=utf-8' };

  it('takes a JSON answer that is no JSON for one that broke off', () => {
    const answer = { status: 200, headers: json, data: '' };

    expect(failureInside(answer, READ)).toMatchObject({ code: 'network' });
    expect(failureInside(answer, CREATE)).toMatchObject({ code: 'uncertain' });
  });

  it('finds nothing wrong with data, with plain text and with no content', () => {
    expect(failureInside({ status: 200, headers: json, data: [] }, READ)).toBeNull();
    expect(
      failureInside({ status: 200, headers: { 'content-type': 'text/plain' }, data: 'zen' }, READ),
    ).toBeNull();
    expect(failureInside({ status: 204, headers: {}, data: '' }, READ)).toBeNull();
  });

  it.each([
    { type: 'NOT_FOUND', code: 'not-found' },
    { type: 'FORBIDDEN', code: 'forbidden' },
    { type: 'RATE_LIMITED', code: 'rate-limited' },
    { type: 'UNPROCESSABLE', code: 'validation' },
  ])('reads the GraphQL error $type as "$code"', ({ type, code }) => {
    const data = { data: null, errors: [{ type, message: 'no' }] };

    expect(failureInside({ status: 200, headers: json, data }, GRAPHQL)).toMatchObject({ code });
  });
});

function answered(status: number, said: { headers?: object; data?: unknown } = {}): Error {
  const response = { status, headers: said.headers ?? {}, data: said.data ?? {} };
  return Object.assign(new Error('HttpError'), { status, response });
}
