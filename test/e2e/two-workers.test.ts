import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { startPostgres, type TestPostgres } from '#test/support/postgres.ts';
import { makeHome, type SpawnedSluice, spawnSluice, type TestHome } from '#test/support/sluice.ts';
import { CHANGE, write } from '#test/support/story/change.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { gateOn, headlineOn, labelOn, ownPulls } from '#test/support/story/watch.ts';

let postgres: TestPostgres;
let github: LocalGitHub;
let homes: TestHome[];
let apps: SpawnedSluice[];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

beforeEach(async () => {
  const files = { 'README.md': '# demo\n', '.github/sluice/workflows/change.yml': CHANGE };
  github = await startLocalGitHub({ files });
  const databaseUrl = await postgres.createDatabase();
  const scenario = {
    prompts: [
      { match: '(?:^|\n)Build it', steps: write('built.txt') },
      { match: '(?:^|\n)Mend it', steps: write('mended.txt') },
      { steps: [{ text: 'Looks good.' }] },
    ],
  };
  // Two machines: nothing is shared but the database and GitHub.
  homes = await Promise.all([1, 2].map(() => makeHome({ github, scenario, databaseUrl })));
  apps = [];
  for (const home of homes) apps.push(await spawnSluice(github, home));
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    for (const home of homes) process.stderr.write(await logOf(home));
  await Promise.all(apps.map((app) => app.stop()));
  await github.close();
  await Promise.all(homes.map((home) => home.remove()));
});

function logOf({ dir }: TestHome): Promise<string> {
  return readFile(join(dir, 'sluice.log'), 'utf8');
}

describe('two processes on one database', () => {
  it('start one run when two labels come within ten milliseconds, and end it together', async () => {
    const { number } = await github.as('bob').createIssue({ title: 'Only once', body: 'Please.' });
    await github.holdBack(() => github.as('bob').label(number, 'sluice:change'));
    const { payload = {} } = github.deliveries.findLast(({ action }) => action === 'labeled') ?? {};

    await Promise.all(
      [0, 1, 0, 1].map((index) => {
        github.setWebhookUrl(apps[index]?.webhookUrl ?? null);
        return github.deliver('issues', payload);
      }),
    );

    const gate = await gateOn(github, number);
    await github.as('bob').comment(number, '/approve');
    await labelOn(github, number, 'sluice:done');
    await headlineOn(github, number, 'done');

    const [pull, ...others] = await ownPulls(github, number);
    expect(others).toEqual([]);
    expect(await ownComments(github, number, 'run')).toHaveLength(1);
    expect((await ownComments(github, number, 'gate')).map(({ id }) => id)).toEqual([gate.id]);
    const steps = (await github.commits(pull?.head.ref ?? '')).flatMap(
      ({ message }) => /^Sluice-Step: (.+)$/m.exec(message)?.[1] ?? [],
    );
    expect(steps).toEqual(['mend', 'build']);
    expect(github.violations).toEqual([]);
  });

  it('take one approval when two people approve at once, and go on once', async () => {
    const { number } = await github.as('bob').createIssue({ title: 'Approve', body: 'Please.' });
    await github.as('bob').label(number, 'sluice:change');
    await gateOn(github, number);

    const comments = await Promise.all(
      ['bob', 'maya', 'alice'].map(async (login, index) => {
        github.setWebhookUrl(apps[index % 2]?.webhookUrl ?? null);
        return github.as(login).comment(number, '/approve');
      }),
    );

    await labelOn(github, number, 'sluice:done');
    const reactions = await eventually('three reactions', () => {
      const all = comments.flatMap(({ id }) => github.reactions({ comment: id }));
      return all.length === 3 && all.map(({ content }) => content);
    });
    expect(reactions.toSorted()).toEqual(['confused', 'confused', 'rocket']);
    expect(await ownPulls(github, number)).toHaveLength(1);
  });
});
