import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { makeHome, type SpawnedSluice, spawnSluice, type TestHome } from '#test/support/sluice.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { agentProcesses } from '#test/support/story/machine.ts';
import { headlineOf, headlineOn, labelOn, ownPulls } from '#test/support/story/watch.ts';

const SLOW = `
name: slow
steps:
  - id: sketch
    agent: Engineer
    prompt: Sketch it
  - id: build
    agent: Engineer
    depends_on: [sketch]
    prompt: Build it
`;

const FILES = { 'README.md': '# demo\n', '.github/sluice/workflows/slow.yml': SLOW };

let github: LocalGitHub;
let home: TestHome;
let app: SpawnedSluice;

beforeEach(async () => {
  github = await startLocalGitHub({ files: FILES });
  home = await makeHome({
    github,
    scenario: {
      prompts: [
        {
          match: '(?:^|\n)Sketch it',
          steps: [{ append: { path: 'sketch.txt', content: 'sketched\n' } }, { text: 'Sketched.' }],
        },
        {
          match: '(?:^|\n)Build it',
          steps: [
            { append: { path: 'built.txt', content: 'built\n' } },
            { delay: 1_500 },
            { text: 'Built.' },
          ],
        },
      ],
    },
    env: { SLUICE_DRAIN_SECONDS: '2', LOG_LEVEL: 'info' },
  });
  app = await spawnSluice(github, home);
});
afterEach(async () => {
  await app.stop();
  await github.close();
  await home.remove();
});

async function start(): Promise<number> {
  const { number } = await github.as('bob').createIssue({ title: 'Take your time', body: 'Now.' });
  await github.as('bob').label(number, 'sluice:slow');
  return number;
}

/** What the second step writes, in whatever worktree. */
async function written({ dir }: TestHome): Promise<string[]> {
  const paths = await readdir(join(dir, 'data/workspaces/runs'), { recursive: true });
  return paths.filter((path) => path.endsWith('built.txt'));
}

/** A connection on which this is sent and nothing else. */
async function open(text: string): Promise<Socket> {
  const { hostname, port } = new URL(app.webhookUrl);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

async function expectRightEnd(issue: number): Promise<void> {
  await labelOn(github, issue, 'sluice:done');
  const run = await headlineOn(github, issue, 'done');
  const [pull, ...others] = await ownPulls(github, issue);
  expect(others).toEqual([]);
  expect(await ownComments(github, issue, 'run')).toEqual([run]);
  const ref = pull?.head.ref ?? '';
  expect(await github.fileAt(ref, 'sketch.txt')).toBe('sketched\n');
  expect(await github.fileAt(ref, 'built.txt')).toBe('built\n');
  expect(github.violations).toEqual([]);
}

describe('a process that is asked to stop in the middle of a step', () => {
  it('hands the step back, leaves no agent behind, and the next process ends the story', async () => {
    const issue = await start();
    await eventually('the second step', async () => (await ownPulls(github, issue))[0]);
    await headlineOn(github, issue, 'step 2 of 2');

    await app.stop();
    expect(await agentProcesses(home)).toEqual([]);
    const [stopped] = await ownComments(github, issue, 'run');
    expect(headlineOf(stopped?.body ?? '')).not.toContain('failed');

    app = await spawnSluice(github, home);
    await expectRightEnd(issue);
  });

  it('ends, and hands the step back, although connections are open that say no more', async () => {
    const issue = await start();
    await eventually('the second step', async () => (await ownPulls(github, issue))[0]);
    const sockets = [await open(''), await open('POST /api/github/webhooks HTTP/1.1\r\nHost: h')];

    await app.stop();

    for (const socket of sockets) socket.destroy();
    app = await spawnSluice(github, home);
    await expectRightEnd(issue);
  });

  it('loses nothing that people say while nobody listens', async () => {
    await app.stop();
    github.setWebhookUrl(null);
    const issue = await start();
    await github.idle();

    app = await spawnSluice(github, home);

    await expectRightEnd(issue);
  });
});

describe('a process that is killed in the middle of a step', () => {
  it('17: has it done again from the commit before it, as attempt 2, and tells nothing twice', async () => {
    const issue = await start();
    await eventually('the step to have written', async () => (await written(home)).length > 0);

    await app.kill();
    app = await spawnSluice(github, home);

    await expectRightEnd(issue);
    const [run] = await ownComments(github, issue, 'run');
    expect(run?.body).toMatch(/✅ \| build \|[^|]*\| 2 \|/);
  });
});
