import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '#src/start.ts';
import { eventually } from '#test/support/eventually.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import type { FaultKind } from '#test/support/github/server/faults.ts';
import { makeHome, startHere, type TestHome } from '#test/support/sluice.ts';
import { CHANGE, write } from '#test/support/story/change.ts';
import { type Journal, openJournal } from '#test/support/story/journal.ts';

/** The calls that change something, as `METHOD path` below the repository. */
const CALLS: Readonly<Record<string, readonly [method: RegExp, path: string]>> = {
  'comment created': [/POST/, String.raw`/issues/\d+/comments$`],
  'comment edited': [/PATCH/, String.raw`/issues/comments/\d+$`],
  'check created': [/POST/, '/check-runs$'],
  'check updated': [/PATCH/, String.raw`/check-runs/\d+$`],
  'pull request created': [/POST/, '/pulls$'],
  'pull request updated': [/PATCH/, String.raw`/pulls/\d+$`],
  'label created': [/POST/, '/labels$'],
  'labels set': [/POST/, String.raw`/issues/\d+/labels$`],
  'label removed': [/DELETE/, String.raw`/issues/\d+/labels/`],
  'reaction on the issue': [/POST/, String.raw`/issues/\d+/reactions$`],
  'reaction on the comment': [/POST/, String.raw`/issues/comments/\d+/reactions$`],
  'role read': [/GET/, '/permission$'],
  'branch read': [/GET/, '/branches/'],
};

const KINDS = [
  '500',
  '502',
  '503',
  'secondary',
  'secondary429',
  'primary',
  'reset',
  'hang',
  'slow',
  'lost-reply',
  'truncate',
] as const satisfies readonly FaultKind[];

const GIT_KINDS = [
  '502',
  'reset',
  'lost-reply',
  'truncate',
] as const satisfies readonly FaultKind[];
const TOKEN_KINDS = ['500', 'reset', 'hang', 'lost-reply'] as const satisfies readonly FaultKind[];

let github: LocalGitHub;
let home: TestHome;
let running: Running;
let journal: Journal;

// Every kind of fault has a repository of its own, so that the stories can be told at the same time.
const repositoryFor = (what: string) => ({
  name: what,
  files: { 'README.md': '# demo\n', '.github/sluice/workflows/change.yml': CHANGE },
});

beforeAll(async () => {
  github = await startLocalGitHub({
    repositories: [
      ...KINDS.map((kind) => repositoryFor(`api-${kind}`)),
      ...GIT_KINDS.map((kind) => repositoryFor(`git-${kind}`)),
      ...TOKEN_KINDS.map((kind) => repositoryFor(`token-${kind}`)),
    ],
  });
  home = await makeHome({
    github,
    scenario: {
      prompts: [
        { match: '(?:^|\n)Build it', steps: write('built.txt') },
        { match: '(?:^|\n)Mend it', steps: write('mended.txt') },
        { steps: [{ text: 'Looks good.' }] },
      ],
    },
    env: { SLUICE_GITHUB_TIMEOUT_MS: '1000', SLUICE_STEP_CONCURRENCY: '8' },
  });
  journal = openJournal();
  running = await startHere(github, home, journal.log);
});
afterAll(async () => {
  await running.stop();
  await github.close();
  await home.remove();
});

/** Tells a story of a label, an approval and a pull request that is ready, and counts what people see. */
async function tellStory(name: string): Promise<void> {
  const repository = github.repository(name);
  const bob = github.as('bob', repository.fullName);
  const see = <T>(what: string, ask: () => Promise<T | undefined | false>) =>
    eventually(`${name}: ${what}`, ask, 90_000);
  const own = async (kind: string) => {
    const comments = await repository.comments(number);
    return comments.filter(
      ({ user, body }) => user.type === 'Bot' && body.includes(` kind=${kind} `),
    );
  };

  const { number } = await bob.createIssue({ title: `Through ${name}`, body: 'Please.' });
  await bob.label(number, 'sluice:change');
  await see('a gate', async () => (await own('gate'))[0]);
  const approval = await bob.comment(number, '/approve');
  await see('the label done', async () => repository.labels(number).join() === 'sluice:done');
  const pull = await see('a pull request that is ready', async () => {
    const [first] = await repository.pulls();
    return first !== undefined && !first.draft && first;
  });
  await see('a green check', async () => {
    const checks = await repository.checkRuns(pull.head.sha);
    return checks.at(-1)?.conclusion === 'success';
  });
  await see('the final run comment', async () => {
    const [run] = await own('run');
    return run?.body.includes('### ✅ change');
  });
  await see('the folded gate comment', async () => (await own('gate'))[0]?.minimised !== null);
  await see('the approval seen', async () => repository.reactions({ comment: approval.id })[0]);
  await see('the end on the issue', async () =>
    repository.reactions({ issue: number }).some(({ content }) => content === 'hooray'),
  );

  expect(await own('run')).toHaveLength(1);
  expect(await own('gate')).toHaveLength(1);
  expect(await repository.pulls()).toHaveLength(1);
  expect(await repository.checkRuns(pull.head.sha)).toHaveLength(1);
  expect(repository.labels(number)).toEqual(['sluice:done']);
  expect(repository.reactions({ comment: approval.id })).toEqual([
    { content: 'rocket', user: 'sluice[bot]' },
  ]);
  const steps = (await repository.commits(pull.head.ref)).flatMap(
    ({ message }) => /^Sluice-Step: (.+)$/m.exec(message)?.[1] ?? [],
  );
  expect(steps).toEqual(['mend', 'build']);
}

describe('the story ends right and tells nothing twice', () => {
  it.concurrent.each(KINDS)(
    'when each call is struck once: %s',
    { timeout: 110_000 },
    async (kind) => {
      const name = `api-${kind}`;
      for (const [method, path] of Object.values(CALLS)) {
        github.faults.add({ kind, method, path: new RegExp(`^/repos/acme/${name}(/.*)?${path}`) });
      }

      await tellStory(name);

      const struck = github.requests.filter(
        ({ path, fault }) => fault !== null && path.startsWith(`/repos/acme/${name}/`),
      );
      expect(struck.length).toBeGreaterThanOrEqual(8);
    },
  );

  it.concurrent.each(GIT_KINDS)('when git is struck: %s', { timeout: 110_000 }, async (kind) => {
    const name = `git-${kind}`;
    for (const path of [
      'info/refs.*upload-pack',
      'git-upload-pack$',
      'info/refs.*receive-pack',
      'git-receive-pack$',
    ]) {
      github.faults.add({ kind, path: new RegExp(`^/acme/${name}\\.git/${path}`) });
    }

    await tellStory(name);

    const again = journal.lines.filter(
      ({ msg, status }) => msg === 'step ended' && status === 'failed',
    );
    expect(again).toEqual([]);
  });

  it.concurrent.each(TOKEN_KINDS)(
    'when tokens are not to be had: %s',
    { timeout: 110_000 },
    async (kind) => {
      github.faults.add({ kind, path: /\/access_tokens$/, times: 2 });

      await tellStory(`token-${kind}`);
    },
  );
});
