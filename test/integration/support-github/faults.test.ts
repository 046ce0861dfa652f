import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import type { FaultKind } from '#test/support/github/server/faults.ts';
import { appClient } from './app-client.ts';

let github: LocalGitHub;
let app: ReturnType<typeof appClient>;
const comments = '/repos/acme/demo/issues/1/comments';

beforeEach(async () => {
  github = await startLocalGitHub();
  app = appClient(github);
  await github.as('bob').createIssue({ title: 'One' });
});
afterEach(() => github.close());

const strike = (kind: FaultKind, more: object = {}) => {
  github.faults.add({ kind, method: /POST/, path: /\/comments$/, ...more });
  return app('POST', comments, { body: 'text' });
};

describe('a fault', () => {
  it.each([
    ['500', 500],
    ['502', 502],
    ['503', 503],
    ['401', 401],
    ['404', 404],
    ['422', 422],
  ] as const)('%s answers so and does nothing', async (kind, status) => {
    const answer = await strike(kind);

    expect(answer.status).toBe(status);
    expect(await github.comments(1)).toEqual([]);
  });

  it.each([
    ['secondary', 403],
    ['secondary429', 429],
  ] as const)('%s tells when to come back', async (kind, status) => {
    const answer = await strike(kind, { afterSeconds: 7 });

    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.data.message).toContain('secondary rate limit');
  });

  it('primary leaves no requests', async () => {
    const answer = await strike('primary');

    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('reset breaks the connection before anything happens', async () => {
    await expect(strike('reset')).rejects.toThrow('fetch failed');
    expect(await github.comments(1)).toEqual([]);
  });

  it('lost-reply breaks the connection after it happened', async () => {
    await expect(strike('lost-reply')).rejects.toThrow('fetch failed');
    expect(await github.comments(1)).toHaveLength(1);
  });

  it('truncate breaks off in the middle of the answer, after it happened', async () => {
    await expect(strike('truncate')).rejects.toThrow('terminated');
    expect(await github.comments(1)).toHaveLength(1);
  });

  it('hang never answers and never happens', async () => {
    github.faults.add({ kind: 'hang', path: /\/comments$/ });
    const token = await github.mintToken();

    const request = fetch(`${github.url}${comments}`, {
      method: 'POST',
      headers: { authorization: `token ${token}` },
      body: '{"body":"text"}',
      signal: AbortSignal.timeout(200),
    });

    await expect(request).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await github.comments(1)).toEqual([]);
  });

  it('slow happens all the same', async () => {
    const answer = await strike('slow', { milliseconds: 10 });

    expect(answer.status).toBe(201);
  });

  it('strikes as often as asked, is logged, and spares people', async () => {
    github.faults.add({ kind: '500', path: /\/comments$/, times: 2 });

    const statuses: number[] = [];
    await github.as('bob').comment(1, 'unharmed');
    for (let n = 0; n < 3; n += 1) statuses.push((await app('GET', comments)).status);

    expect(statuses).toEqual([500, 500, 200]);
    expect(github.faults.pending).toEqual([]);
    const struck = github.requests.filter((request) => request.fault !== null);
    expect(struck).toMatchObject([
      { method: 'GET', path: comments, who: 'sluice[bot]', fault: '500', status: 500 },
      { fault: '500' },
    ]);
  });

  it('strikes git as well', async () => {
    github.faults.add({ kind: '503', path: /info\/refs/, from: 'anyone' });

    const answer = await fetch(`${github.url}/acme/demo.git/info/refs?service=git-upload-pack`);

    expect(answer.status).toBe(503);
  });
});
