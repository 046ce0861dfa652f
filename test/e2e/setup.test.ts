import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { makeHome, type TestHome } from '#test/support/sluice.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { type SpawnedSetup, spawnSetup } from '#test/support/story/spawn-setup.ts';
import { labelOn } from '#test/support/story/watch.ts';

let github: LocalGitHub;
let home: TestHome;
let setup: SpawnedSetup;

beforeEach(async () => {
  // The App does not exist yet: the one GitHub starts with is somebody else's.
  github = await startLocalGitHub({ app: { slug: 'another', name: 'Another' } });
  home = await makeHome({
    github,
    scenario: { prompts: [{ steps: [{ text: 'A report.' }] }] },
    firstStart: true,
  });
  const { APP_ID: _id, PRIVATE_KEY: _key, WEBHOOK_SECRET: _secret, ...env } = home.env;
  setup = await spawnSetup(env);
});
afterEach(async () => {
  await setup.stop();
  await github.close();
  await home.remove();
});

const credentials = () => join(home.dir, 'data', 'credentials.json');

it('creates the App through GitHub, stores its credentials for nobody else, and goes on as the App', async () => {
  const shown = await fetch(setup.page);
  const form = readForm(await shown.text());
  expect(form.action).toMatch(/\/settings\/apps\/new\?state=/);
  expect(form.manifest.hook_attributes.url).toBe(`${setup.url}/api/github/webhooks`);
  expect((await fetch(`${setup.url}/readyz`)).status).toBe(503);

  const back = await agree(form.manifest, new URL(form.action).searchParams.get('state') ?? '');
  const created = await fetch(back);

  expect(created.status).toBe(200);
  expect(await created.text()).toContain('/installations/new');
  await eventually('the App to be ready', async () => (await fetch(`${setup.url}/readyz`)).ok);
  expect((await stat(credentials())).mode & 0o777).toBe(0o600);
  const stored = JSON.parse(await readFile(credentials(), 'utf8')) as Record<string, string>;
  for (const secret of [stored['PRIVATE_KEY'], stored['WEBHOOK_SECRET']]) {
    expect(secret).toBeTruthy();
    expect(setup.output()).not.toContain(secret);
  }

  const { number } = await github.as('bob').createIssue({ title: 'Is it safe?' });
  await github.as('bob').label(number, 'sluice:security-audit');
  await labelOn(github, number, 'sluice:done');
  await eventually('the report', async () => (await ownComments(github, number, 'end'))[0]);
  expect(github.violations).toEqual([]);
});

it('shows nothing to strangers, and trades no code that comes without the token', async () => {
  const strange = await Promise.all(
    ['/', '/setup', '/setup?token=x', '/setup/created?code=x', '/setup/created?code=x&state=x'].map(
      async (path) => (await fetch(setup.url + path)).status,
    ),
  );

  expect(new Set(strange)).toEqual(new Set([404]));
  expect(github.requests).toEqual([]);
});

it('stays where it is when GitHub does not know the code', async () => {
  const token = new URL(setup.page).searchParams.get('token') ?? '';

  const refused = await fetch(`${setup.url}/setup/created?code=invented&state=${token}`);

  expect(refused.status).toBe(502);
  expect((await fetch(setup.page)).status).toBe(200);
  await expect(stat(credentials())).rejects.toThrow('ENOENT');
});

interface Form {
  readonly action: string;
  readonly manifest: { readonly hook_attributes: { readonly url: string } };
}

function readForm(page: string): Form {
  const plain = (text: string) =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(page) ?? [];
  const [, manifest = ''] = /name="manifest" value="([^"]*)"/.exec(page) ?? [];
  return { action: plain(action), manifest: JSON.parse(plain(manifest)) as Form['manifest'] };
}

/** Agrees to the manifest on GitHub's page; returns where GitHub then sends the browser. */
async function agree(manifest: object, state: string): Promise<string> {
  const answer = await fetch(`${github.url}/_manifest`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: github.url },
    body: new URLSearchParams({ manifest: JSON.stringify(manifest), owner: github.owner, state }),
  });
  return answer.headers.get('location') ?? '';
}
