import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { appClient } from './app-client.ts';

let github: LocalGitHub;
let app: ReturnType<typeof appClient>;
let checkRun: number;
const repo = '/repos/acme/demo';

beforeAll(async () => {
  github = await startLocalGitHub({
    repositories: [
      { name: 'demo', files: { 'README.md': '# demo\n' } },
      { name: 'secret', private: true },
    ],
  });
  app = appClient(github);
  const bob = github.as('bob');
  await bob.createIssue({ title: 'Greet <all>', body: 'Please.', labels: ['sluice:feature'] });
  const message = 'Add greeting\n\nBecause.\n\nSluice-Run: R7K2\nSluice-Step: build';
  const head_sha = await bob.pushCommit('topic/one', { 'greet.txt': 'hello\n' }, message);
  const pull = { title: 'Greet', head: 'topic/one', base: 'main', body: 'Closes #1', draft: true };
  await app('POST', `${repo}/pulls`, pull);
  const { data } = await app('POST', `${repo}/check-runs`, {
    name: 'sluice / feature',
    head_sha,
    conclusion: 'action_required',
    output: { title: 'Waits for a decision', summary: 'See **below**.' },
    actions: [{ label: 'Approve', description: 'Go on', identifier: 'approve' }],
  });
  checkRun = data.id as number;
});
afterAll(() => github.close());

async function page(path: string, viewer = 'bob') {
  const response = await fetch(github.url + path, { headers: { cookie: `viewer=${viewer}` } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const act = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${github.url}/_act`, {
    method: 'POST',
    headers: { cookie: 'viewer=bob', accept: 'application/json', ...headers },
    body: new URLSearchParams({ repository: 'acme/demo', ...fields }),
  });

describe('the pages', () => {
  it.each([
    ['/', ['acme/demo', 'Webhook deliveries']],
    ['/acme/demo', ['README.md', 'topic/one', 'Initial commit']],
    ['/acme/demo/issues', ['Greet &lt;all&gt;', 'sluice:feature']],
    ['/acme/demo/issues/1', ['Please.', '/acme/demo/pull/2', 'sluice:feature']],
    ['/acme/demo/pulls', ['/acme/demo/pull/2']],
    ['/acme/demo/pull/2', ['draft', 'sluice / feature', 'Waits for a decision', 'Add greeting']],
    ['/acme/demo/pull/2/commits', ['Add greeting', 'Sluice-Run', 'R7K2', 'Because.']],
    ['/acme/demo/pull/2/files', ['greet.txt', '+hello']],
    ['/acme/demo/pull/2/checks', ['See <strong>below</strong>', '>Approve</button>', 'Re-run']],
    ['/acme/demo/blob/topic/one/greet.txt', ['hello']],
    ['/acme/demo/tree/topic/one', ['greet.txt']],
    ['/acme/demo/commits/topic/one', ['Add greeting']],
    ['/acme/demo/compare/main...topic/one', ['Add greeting', '+hello']],
  ])('show %s', async (path, expected) => {
    const { status, text } = await page(path);

    expect(status).toBe(200);
    for (const part of expected) expect(text).toContain(part);
    expect(text).toContain('An emulator on this computer');
  });

  it('stand where the API’s html_urls lead', async () => {
    const { data: issue } = await app('GET', `${repo}/issues/1`);
    const { data: run } = await app('GET', `${repo}/check-runs/${checkRun}`);
    const { data: pull } = await app('GET', `${repo}/pulls/2`);

    for (const { html_url } of [issue, run, pull]) {
      expect((await fetch(html_url as string)).status).toBe(200);
    }
  });

  it('lead from the issue of a pull request to the pull request', async () => {
    const response = await fetch(`${github.url}/acme/demo/issues/2`, { redirect: 'manual' });

    expect(response.headers.get('location')).toBe('/acme/demo/pull/2');
  });

  it('are nothing where there is nothing, and for those who may not see it', async () => {
    const statuses = await Promise.all([
      page('/acme/demo/issues/99'),
      page('/acme/nowhere'),
      page('/acme/secret', 'mallory'),
      page('/acme/secret', 'alice'),
    ]);

    expect(statuses.map((each) => each.status)).toEqual([404, 404, 404, 200]);
  });

  it('serve their script, style and the installed mermaid, and no other file', async () => {
    const paths = [
      'style.css',
      'page.js',
      'mermaid/mermaid.esm.min.mjs',
      'pages.ts',
      '%2e%2e/pages.ts',
    ];

    const answers = await Promise.all(paths.map((path) => page(`/_assets/${path}`)));

    expect(answers.map((each) => each.status)).toEqual([200, 200, 200, 404, 404]);
  });

  it('offer merging and labels only to those who may', async () => {
    const writer = await page('/acme/demo/issues/1', 'bob');
    const stranger = await page('/acme/demo/issues/1', 'mallory');

    expect(writer.text).toContain('value="unlabel"');
    expect(stranger.text).not.toContain('value="unlabel"');
  });
});

describe('what people write', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;'],
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['<details onclick="x()"><summary>s</summary>', '&lt;details onclick='],
    ['[x](javascript:alert(1))', '<p>x</p>'],
    ['![x](http://evil.test/x.png)', 'href="http://evil.test/x.png"'],
    ['<details><summary>More</summary>\n\n**in**\n</details>', '<details><summary>More</summary>'],
    ['before <!-- hidden --> after', 'before  after'],
    ['- [x] done', 'type="checkbox"'],
    ['| a | b |\n|---|--:|\n| 1 | 2 |', '<td class="right">2</td>'],
    ['see #1 and @bob', '<a href="/acme/demo/issues/1">#1</a>'],
    ['> [!WARNING]\n> Careful', 'class="alert warning"'],
    ['```mermaid\nflowchart LR\n  a --> b\n```', 'data-source="flowchart LR'],
  ])('is shown safely: %s', async (body, expected) => {
    const { id } = await github.as('mallory').comment(1, body);

    const { text } = await page('/acme/demo/issues/1');
    const [, own = ''] = text.split(`id="issuecomment-${id}"`);

    expect(own).toContain(expected);
    expect(text).not.toMatch(/<script>|<img src=x|javascript:|hidden -->/);
    await github.as('mallory').deleteComment(id);
  });

  it('could not run scripts even if it slipped through', async () => {
    const { headers } = await page('/acme/demo/issues/1');

    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});

describe('the controls', () => {
  it('act as the viewer', async () => {
    await act({ action: 'comment', number: '1', body: 'from the page' });
    await act({ action: 'label', number: '1', label: 'later' });
    await act({ action: 'press', run: String(checkRun), identifier: 'approve' });

    expect((await github.comments(1)).at(-1)).toMatchObject({
      body: 'from the page',
      user: { login: 'bob' },
    });
    expect(github.labels(1)).toContain('later');
    expect(github.deliveries.map((each) => each.action)).toContain('requested_action');
  });

  it('tell when GitHub refuses', async () => {
    const fields = { action: 'label', number: '1', label: 'mine' };

    const response = await act(fields, { cookie: 'viewer=mallory' });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ refused: expect.stringContaining('403') });
  });

  it('obey no form of another site', async () => {
    const fields = { action: 'comment', number: '1', body: 'forged' };

    const foreign = await act(fields, { origin: 'https://evil.test' });
    const opaque = await act(fields, { origin: 'null', 'sec-fetch-site': 'cross-site' });

    expect([foreign.status, opaque.status]).toEqual([403, 403]);
    expect((await github.comments(1)).map((each) => each.body)).not.toContain('forged');
  });

  it('announce changes to open pages', async () => {
    const response = await fetch(`${github.url}/_live`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();

    await github.as('bob').comment(1, 'news');
    const { value } = await reader.read();
    await reader.cancel();

    expect(value).toContain('data: changed');
  });
});

describe('making an app from a manifest', () => {
  it('goes through a page and comes back with a code that is traded once', async () => {
    const manifest = JSON.stringify({
      name: 'My App',
      redirect_url: 'http://localhost:3000/setup',
      hook_attributes: { url: 'http://localhost:3000/hooks' },
      default_permissions: { issues: 'write' },
      default_events: ['issues'],
    });
    const form = (path: string, fields: Record<string, string>) =>
      fetch(github.url + path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        redirect: 'manual',
        headers: { origin: path.startsWith('/_') ? github.url : 'http://localhost:3000' },
      });

    const shown = await form('/organizations/acme/settings/apps/new?state=s1', { manifest });
    const agreed = await form('/_manifest', { manifest, owner: 'acme', state: 's1' });
    const back = new URL(agreed.headers.get('location') ?? '');
    const convert = `/app-manifests/${back.searchParams.get('code')}/conversions`;
    const first = await fetch(github.url + convert, { method: 'POST' });
    const second = await fetch(github.url + convert, { method: 'POST' });

    expect(await shown.text()).toContain('My App');
    expect(back.searchParams.get('state')).toBe('s1');
    expect(await first.json()).toMatchObject({
      slug: 'my-app',
      pem: expect.stringContaining('PRIVATE KEY'),
      webhook_secret: expect.any(String),
      client_id: expect.any(String),
      html_url: `${github.url}/apps/my-app`,
    });
    expect([first.status, second.status]).toEqual([201, 404]);
  });
});
