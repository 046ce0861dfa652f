import { pino } from 'pino';
import { Probot } from 'probot';
import { afterEach, describe, expect, it } from 'vitest';
import { createComment, minimizeComment } from '#src/github/comments.ts';
import type { TokenPermissions } from '#src/github/installation-token.ts';
import { addReaction } from '#src/github/reactions.ts';
import { startLocalGitHub } from '#test/support/github/local-github.ts';
import { appKey, type FaultyGitHub, gitHubAt, startFaultyGitHub } from './faulty-github.ts';

const ITEM = { owner: 'acme', repo: 'hello', number: 1 };

let faulty: FaultyGitHub;
afterEach(async () => await faulty.close());

describe('createGitHub', () => {
  it('keeps one client per installation, and so one token', async () => {
    faulty = await startFaultyGitHub();
    const github = gitHubAt(faulty.url);

    await createComment(github.installation(100), ITEM, 'one');
    await createComment(github.installation(100), ITEM, 'two');

    expect(github.installation(100)).toBe(github.installation(100));
    expect(faulty.minted).toBe(1);
  });

  it('mints a token anew each time, for the repositories and rights that were named', async () => {
    faulty = await startFaultyGitHub();
    const github = gitHubAt(faulty.url);
    const request = {
      installationId: 100,
      repositoryIds: [5],
      permissions: { contents: 'write' },
    } as const;

    const minted = await github.mintToken(request);
    await github.mintToken(request);

    expect(minted.token).toBe('ghs_secret');
    expect(minted.expiresAt.getTime()).toBeGreaterThan(Date.now());
    expect(faulty.minted).toBe(2);
  });

  it.each([
    { missing: 'repository', repositoryIds: [], permissions: { contents: 'read' } as const },
    { missing: 'right', repositoryIds: [5], permissions: {} },
  ])('mints no token that names no $missing, which GitHub takes for all', async (request) => {
    faulty = await startFaultyGitHub();
    const github = gitHubAt(faulty.url);

    await expect(github.mintToken({ installationId: 100, ...request })).rejects.toThrow(
      'names its',
    );
    expect(faulty.minted).toBe(0);
  });

  it("shares an installation's writer lane among all its clients, Probot's too", async () => {
    faulty = await startFaultyGitHub();
    const waits: number[] = [];
    let now = 0;
    const sleep = async (ms: number) => {
      waits.push(ms);
      await Promise.resolve();
      now += ms;
    };
    const github = gitHubAt(faulty.url, {
      throttle: { enabled: true },
      clock: { now: () => now, sleep },
    });
    const probot = probotFor(github.probotOctokit);
    const theirs = await probot.auth(100);

    await createComment(github.installation(100), ITEM, 'ours');
    await createComment(theirs, ITEM, 'theirs');
    await createComment(github.installation(200), ITEM, 'another installation');

    expect(waits).toEqual([1000]);
    expect(faulty.created).toHaveLength(3);
  });

  it('lets the sign that a command was seen overtake what waits', async () => {
    faulty = await startFaultyGitHub();
    let now = 0;
    const sleep = async (ms: number) => {
      await Promise.resolve();
      now += ms;
    };
    const github = gitHubAt(faulty.url, {
      throttle: { enabled: true },
      clock: { now: () => now, sleep },
    });
    const octokit = github.installation(100);
    const comment = { type: 'comment', id: 7 } as const;

    await Promise.all([
      ...['one', 'two', 'three'].map((text) => createComment(octokit, ITEM, text)),
      addReaction(octokit, ITEM, comment, 'rocket', { urgent: true }),
    ]);

    const last = faulty.requests.at(-1);
    expect(faulty.requests).toHaveLength(4);
    expect(JSON.stringify(last)).toContain('/issues/1/comments');
  });

  it('gives Probot a client that neither hangs nor posts twice, and mints where it should', async () => {
    faulty = await startFaultyGitHub(['hang', 'lost reply']);
    const github = gitHubAt(faulty.url, { timeoutMs: 1000 });
    const octokit = await probotFor(github.probotOctokit).auth(100);

    const first = createComment(octokit, ITEM, 'hello');
    await expect(first).rejects.toMatchObject({ code: 'uncertain' });
    const second = createComment(octokit, ITEM, 'hello');
    await expect(second).rejects.toMatchObject({ code: 'uncertain' });

    expect(faulty.requests).toHaveLength(2);
    expect(faulty.minted).toBe(1);
  });

  it('talks to an Enterprise Server alone, GraphQL included', async () => {
    faulty = await startFaultyGitHub();
    const github = gitHubAt(`${faulty.url}/api/v3`);

    await createComment(github.installation(100), ITEM, 'hello');
    await minimizeComment(github.installation(100), 'IC_1', 'OUTDATED');

    expect(faulty.requests).toEqual([
      'POST /api/v3/repos/acme/hello/issues/1/comments',
      'POST /api/graphql',
    ]);
  });

  it('narrows a real token to what was asked, and is refused what the app itself may not', async () => {
    faulty = await startFaultyGitHub();
    const local = await startLocalGitHub({ people: { alice: 'admin' } });
    const { appId, privateKey, installationId } = local.app;
    const github = gitHubAt(local.url, { appId, privateKey });
    const mint = (permissions: TokenPermissions) =>
      github.mintToken({ installationId, repositoryNames: ['demo'], permissions });

    const { number } = await local.as('alice').createIssue({ title: 'T' });
    const { token } = await mint({ contents: 'read' });
    const write = await fetch(`${local.url}/repos/${local.fullName}/issues/${number}/comments`, {
      method: 'POST',
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body: 'x' }),
    });

    expect(write.status).toBe(403);
    await expect(mint({ administration: 'write' })).rejects.toMatchObject({ code: 'validation' });
    await local.close();
  });

  it('writes neither tokens nor keys nor texts to the log', async () => {
    faulty = await startFaultyGitHub([{ answer: 500 }, { answer: 404 }]);
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const github = gitHubAt(faulty.url, { log });

    const editing = github.installation(100).rest.issues.update({
      ...ITEM,
      issue_number: 1,
      body: 'the private text',
    });
    await expect(editing).rejects.toMatchObject({ code: 'not-found' });

    const written = lines.join('');
    expect(written).toContain('GitHub request will be repeated');
    expect(written).not.toMatch(/ghs_secret|PRIVATE KEY|private text|eyJ/);
  });
});

function probotFor(Octokit: ReturnType<typeof gitHubAt>['probotOctokit']): Probot {
  return new Probot({
    appId: 7,
    privateKey: appKey,
    secret: 'secret',
    Octokit,
    log: pino({ level: 'silent' }),
  });
}
