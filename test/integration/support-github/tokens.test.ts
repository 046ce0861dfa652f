import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appJwt } from '#test/support/github/app-jwt.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { appClient } from './app-client.ts';

let github: LocalGitHub;

beforeAll(async () => {
  github = await startLocalGitHub({
    repositories: [{ name: 'demo', files: { a: 'a' } }, { name: 'other' }],
  });
});
afterAll(() => github.close());

const withToken = async (token: string | null, path: string, method = 'GET', body?: unknown) =>
  fetch(`${github.url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

describe('tokens', () => {
  it('that nobody issued are refused', async () => {
    const made = await withToken('ghs_made-up', '/repos/acme/demo');
    const forged = await withToken('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.AAAA', '/app');

    expect([made.status, forged.status]).toEqual([401, 401]);
  });

  it('are not needed to read what is public, but to write', async () => {
    const read = await withToken(null, '/repos/acme/demo');
    const write = await withToken(null, '/repos/acme/demo/issues', 'POST', { title: 'x' });

    expect([read.status, write.status]).toEqual([200, 401]);
  });

  it('of an installation end after an hour', async () => {
    const token = await github.mintToken();
    const before = await withToken(token, '/installation/repositories');

    github.clock.advance(61 * 60 * 1000);
    const after = await withToken(token, '/installation/repositories');
    const fresh = await withToken(await github.mintToken(), '/installation/repositories');

    expect([before.status, after.status, fresh.status]).toEqual([200, 401, 200]);
  });

  it('of an installation can be given back', async () => {
    const token = await github.mintToken();

    const revoked = await withToken(token, '/installation/token', 'DELETE');
    const after = await withToken(token, '/repos/acme/demo');

    expect([revoked.status, after.status]).toEqual([204, 401]);
  });

  it('of an installation reach only the repositories and permissions they were narrowed to', async () => {
    const elsewhere = await github.mintToken({ repositories: ['other'] });
    const reading = await github.mintToken({ permissions: { issues: 'read' } });
    const issue = { title: 'x' };

    const wrongPlace = await withToken(elsewhere, '/repos/acme/demo/issues', 'POST', issue);
    const wrongRight = await withToken(reading, '/repos/acme/demo/issues', 'POST', issue);
    const listed = await withToken(elsewhere, '/installation/repositories');

    expect([wrongPlace.status, wrongRight.status]).toEqual([403, 403]);
    expect(await listed.json()).toMatchObject({
      total_count: 1,
      repositories: [{ full_name: 'acme/other' }],
    });
  });

  it('cannot be widened while they are minted', async () => {
    await expect(github.mintToken({ permissions: { administration: 'write' } })).rejects.toThrow(
      /permissions requested are not granted/,
    );
    await expect(github.mintToken({ repositories: ['nowhere'] })).rejects.toThrow(/not accessible/);
  });

  it('of the app itself open the app’s own routes and are signed by its key', async () => {
    const token = appJwt(github.app.appId, github.app.privateKey);

    const own = await withToken(token, '/app');
    const installation = await withToken(token, '/repos/acme/demo/installation');

    expect(await own.json()).toMatchObject({ id: github.app.appId, slug: 'sluice' });
    expect(await installation.json()).toMatchObject({ id: github.app.installationId });
  });
});

describe('requests', () => {
  it('are answered 304 when their ETag still holds', async () => {
    const app = appClient(github);
    const first = await app('GET', '/repos/acme/demo');

    const same = await app('GET', '/repos/acme/demo', undefined, {
      'if-none-match': first.headers.get('etag') ?? '',
    });
    await github.as('bob').createIssue({ title: 'changes the count' });
    const changed = await app('GET', '/repos/acme/demo', undefined, {
      'if-none-match': first.headers.get('etag') ?? '',
    });

    expect([same.status, changed.status]).toEqual([304, 200]);
  });

  it('of one token may be more than emulate’s 5,000, unless a limit is asked for', async () => {
    const limited = await startLocalGitHub({ rateLimit: 3 });
    const bob = limited.as('bob');

    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await bob.request('GET', '/user')).status);
    const reset = await bob.request('GET', '/user');
    limited.clock.advance(61 * 60 * 1000);
    const later = await bob.request('GET', '/user');

    expect(statuses).toEqual([200, 200, 200, 403]);
    expect(reset.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(later.status).toBe(200);
    await limited.close();
  });

  it('with an enterprise prefix reach the same API', async () => {
    const { status } = await github.as('bob').request('GET', '/api/v3/repos/acme/demo');

    expect(status).toBe(200);
  });
});

describe('an app manifest', () => {
  it('is no app without a code that GitHub gave', async () => {
    const answer = await withToken(null, '/app-manifests/invented/conversions', 'POST');

    expect(answer.status).toBe(404);
  });
});
