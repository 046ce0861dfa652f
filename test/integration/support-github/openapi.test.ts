import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { createOpenapiCheck } from '#test/support/github/openapi-check.ts';
import { appClient } from './app-client.ts';

const check = createOpenapiCheck();
const problems = (method: string, path: string, body?: unknown) =>
  check(method, new URL(path, 'http://github.test'), body);
const repo = '/repos/acme/demo';
const run = { name: 'n', head_sha: 'a'.repeat(40) };
const action = { label: 'l', description: 'd', identifier: 'i' };

describe('the OpenAPI check', () => {
  it.each([
    ['GET', `${repo}/issues/1/comments?per_page=100&page=2&since=2026-01-01T00:00:00Z`],
    ['GET', `${repo}/contents/.github/sluice/config.yml?ref=main`],
    ['GET', `${repo}/compare/main...feature/x`],
    ['GET', `${repo}/commits/feature/x/check-runs?check_name=a&filter=latest`],
    ['DELETE', `${repo}/issues/1/labels/sluice%3Afeature`],
    ['POST', `${repo}/issues/1/labels`, { labels: ['a'] }],
    ['POST', `${repo}/check-runs`, { ...run, conclusion: 'action_required', actions: [action] }],
    ['POST', '/app/installations/1/access_tokens', { permissions: { contents: 'write' } }],
    ['GET', '/app/hook/deliveries?per_page=100&cursor=v1_5'],
  ])('accepts %s %s', (method, path, body?: unknown) => {
    expect(problems(method, path, body)).toEqual([]);
  });

  it.each([
    ['an unknown operation', 'GET', `${repo}/stargazers`, undefined, /no operation/],
    ['a missing body', 'POST', `${repo}/issues/1/comments`, undefined, /body is missing/],
    ['a wrong key', 'POST', `${repo}/issues/1/comments`, { text: 'x' }, /unknown property "text"/],
    [
      'a bad conclusion',
      'POST',
      `${repo}/check-runs`,
      { ...run, conclusion: 'passed' },
      /enum|allowed/,
    ],
    [
      'completed without conclusion',
      'POST',
      `${repo}/check-runs`,
      { ...run, status: 'completed' },
      /needs a conclusion/,
    ],
    [
      'four buttons',
      'POST',
      `${repo}/check-runs`,
      { ...run, actions: [action, action, action, action] },
      /more than 3/,
    ],
    [
      'a long label',
      'POST',
      `${repo}/check-runs`,
      { ...run, actions: [{ ...action, label: 'x'.repeat(21) }] },
      /20/,
    ],
    ['an issue that is no number', 'GET', `${repo}/issues/one`, undefined, /integer/],
    ['an unknown query', 'GET', `${repo}/issues?owner=me`, undefined, /query owner is unknown/],
    [
      'a reaction GitHub lacks',
      'POST',
      `${repo}/issues/1/reactions`,
      { content: 'tada' },
      /allowed/,
    ],
    ['a draft set by REST', 'PATCH', `${repo}/pulls/1`, { draft: false }, /draft/],
  ])('refuses %s', (_, method, path, body, reason) => {
    expect(problems(method, path, body).join('; ')).toMatch(reason);
  });
});

describe('violations', () => {
  let github: LocalGitHub;
  let app: ReturnType<typeof appClient>;
  beforeAll(async () => {
    github = await startLocalGitHub();
    app = appClient(github);
  });
  beforeEach(() => {
    github.violations.length = 0;
  });
  afterAll(async () => {
    github.violations.length = 0;
    await github.close();
  });

  it('name what the app sent wrongly', async () => {
    await app('GET', `${repo}/stargazers`);

    expect(github.violations).toEqual([`GET ${repo}/stargazers: no operation we expect to use`]);
  });

  it('make closing fail, so that no test overlooks them', async () => {
    const other = await startLocalGitHub();
    await appClient(other)('GET', `${repo}/stargazers`);

    await expect(other.close()).rejects.toThrow(/stargazers: no operation we expect to use/);
  });

  it('leave people alone', async () => {
    await github.as('bob').request('GET', `${repo}/stargazers`);

    expect(github.violations).toEqual([]);
  });

  it('name GraphQL that this GitHub does not know', async () => {
    const { data } = await app('POST', '/graphql', { query: '{ viewer { login } }' });

    expect(data.errors[0].type).toBe('NOT_IMPLEMENTED');
    expect(github.violations[0]).toContain('viewer');
  });
});
