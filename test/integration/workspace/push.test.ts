import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspaces } from '#src/workspace/workspaces.ts';
import type { Worktree } from '#src/workspace/worktree.ts';
import {
  aDirectory,
  anOpenRequest,
  anOrigin,
  aPushRequest,
  credential,
  type Origin,
  openWorkspaces,
  removeDirectory,
  trailersOf,
  write,
} from './fixtures.ts';
import { startGitServer } from './git-server.ts';

const branch = 'sluice/1-feature-run1';

let directory: string;
let origin: Origin;
let server: Awaited<ReturnType<typeof startGitServer>>;
let workspaces: Workspaces;
let worktree: Worktree;

beforeEach(async () => {
  directory = aDirectory();
  origin = anOrigin(directory);
  server = await startGitServer({ root: join(directory, 'origin'), token: credential.token });
  workspaces = await openWorkspaces(join(directory, 'data'));
  worktree = await workspaces.open(overHttp());
});
afterEach(async () => {
  await server.stop();
  removeDirectory(directory);
});

function overHttp() {
  const repository = { ...origin.repository, cloneUrl: `${server.url}/acme/demo.git` };
  return { ...anOpenRequest(origin), repository };
}

async function aCommit(step: string, files: Record<string, string>): Promise<string> {
  write(worktree.path, files);
  const commit = await workspaces.commit(worktree, { subject: step, trailers: trailersOf(step) });
  return commit!.sha;
}

describe('push', () => {
  it('creates the branch of the run, and answers that it is there the second time', async () => {
    const sha = await aCommit('plan', { 'plan.md': 'plan\n' });

    const first = await workspaces.push(worktree, aPushRequest({ branch, sha }));
    const second = await workspaces.push(worktree, aPushRequest({ branch, sha }));

    expect([first, second]).toEqual([{ status: 'pushed' }, { status: 'already-there' }]);
    expect(origin.headOf(branch)).toBe(sha);
  });

  it('answers that a commit is there when a later one was pushed already', async () => {
    const earlier = await aCommit('plan', { 'plan.md': 'plan\n' });
    const later = await aCommit('build', { 'build.md': 'build\n' });
    await workspaces.push(worktree, aPushRequest({ branch, sha: later }));

    const result = await workspaces.push(worktree, aPushRequest({ branch, sha: earlier }));

    expect(result).toEqual({ status: 'already-there' });
    expect(origin.headOf(branch)).toBe(later);
  });

  it("never overwrites somebody else's commit", async () => {
    const sha = await aCommit('plan', { 'plan.md': 'plan\n' });
    const theirs = origin.commit({ 'their.txt': 'theirs\n' }, branch);

    const result = await workspaces.push(worktree, aPushRequest({ branch, sha }));

    expect(result).toMatchObject({ status: 'refused', reason: 'non-fast-forward' });
    expect(origin.headOf(branch)).toBe(theirs);
  });

  it('rewrites a branch only while it is where it is expected to be', async () => {
    const first = await aCommit('plan', { 'plan.md': 'plan\n' });
    await workspaces.push(worktree, aPushRequest({ branch, sha: first }));
    worktree = await workspaces.reset(worktree, origin.base);
    const rewritten = await aCommit('plan', { 'plan.md': 'another plan\n' });
    const request = aPushRequest({ branch, sha: rewritten });

    const wrong = await workspaces.push(worktree, { ...request, expectedRemote: origin.base });
    const absent = await workspaces.push(worktree, { ...request, expectedRemote: null });
    const right = await workspaces.push(worktree, { ...request, expectedRemote: first });

    expect(wrong).toMatchObject({ status: 'refused', reason: 'non-fast-forward' });
    expect(absent).toMatchObject({ status: 'refused', reason: 'non-fast-forward' });
    expect(right).toEqual({ status: 'pushed' });
    expect(origin.headOf(branch)).toBe(rewritten);
  });

  it.each([
    ['the default branch', { branch: 'main' }],
    ['the default branch in other letters', { branch: 'Main' }],
    ['a branch protected by name', { branch: 'stable', protectedBranches: ['stable'] }],
    ['a branch protected by pattern', { branch: 'release/2', protectedBranches: ['release/*'] }],
  ])('refuses %s before it asks the network', async (_, wanted) => {
    const asked = server.requests.length;

    const result = await workspaces.push(
      worktree,
      aPushRequest({ sha: worktree.head, ...wanted, expectedRemote: worktree.head }),
    );

    expect(result).toMatchObject({ status: 'refused', reason: 'protected-branch' });
    expect(server.requests).toHaveLength(asked);
  });

  it('passes on why the server refuses', async () => {
    write(origin.bare, { 'hooks/pre-receive': '#!/bin/sh\necho "not on a Friday" >&2\nexit 1\n' });
    chmodSync(join(origin.bare, 'hooks/pre-receive'), 0o755);
    const sha = await aCommit('plan', { 'plan.md': 'plan\n' });

    const result = await workspaces.push(worktree, aPushRequest({ branch, sha }));

    expect(result).toMatchObject({
      status: 'refused',
      reason: 'remote-rejected',
      detail: expect.stringContaining('not on a Friday'),
    });
  });
});

describe('the token', () => {
  it('is in no command line, no file and no message', async () => {
    const sha = await aCommit('plan', { 'plan.md': 'plan\n' });
    await workspaces.push(worktree, aPushRequest({ branch, sha }));
    const newer = origin.commit({ 'x.txt': 'x\n' });
    await workspaces.open({ ...overHttp(), at: newer });
    const wrong = { token: 'ghs_wrongToken.inTwoParts' };
    const failure = await workspaces
      .open({ ...overHttp(), runId: 'run2', at: origin.commit({ y: 'y' }), credential: wrong })
      .catch((error: Error) => error);

    expect(server.requests.length).toBeGreaterThan(6);
    expect(server.commandLinesWithToken).toEqual([]);
    expect(filesThatHold(join(directory, 'data'), credential.token)).toEqual([]);
    expect(filesThatHold(join(directory, 'data'), 'x-access-token')).toEqual([]);
    expect(failure).toMatchObject({ code: 'git-auth' });
    expect(inspect(failure)).not.toContain('wrongToken');
  });

  it('is not sent to where a server redirects', async () => {
    const seen: unknown[] = [];
    const thief = await startGitServer({ root: directory, token: 'none' });
    thief.answer((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
      return true;
    });
    server.answer((request, response) => {
      response.writeHead(302, { location: thief.url + request.url }).end();
      return true;
    });

    const opening = workspaces.open({
      ...overHttp(),
      runId: 'run2',
      at: origin.commit({ z: 'z' }),
    });

    await expect(opening).rejects.toMatchObject({ code: 'git-moved' });
    expect(seen).toEqual([]);
    await thief.stop();
  });
});

describe('a failing network', () => {
  it.each([
    [401, 'git-auth', false],
    [403, 'git-auth', false],
    [404, 'git-not-found', false],
    [500, 'git-network', true],
    [503, 'git-network', true],
    [429, 'git-network', true],
  ])('tells HTTP %i as %s', async (status, code, transient) => {
    const newer = origin.commit({ n: 'n' });
    server.answer((_, response) => {
      response.writeHead(status).end();
      return true;
    });

    const opening = workspaces.open({ ...overHttp(), at: newer });

    await expect(opening).rejects.toMatchObject({ code, transient });
  });

  it('is transient when the connection breaks, and the next try goes through', async () => {
    const newer = origin.commit({ n: 'n' });
    server.answer((request) => {
      request.socket.destroy();
      return true;
    });
    const broken = await workspaces
      .open({ ...overHttp(), at: newer })
      .catch((error: Error) => error);
    server.answer(() => false);

    const opened = await workspaces.open({ ...overHttp(), at: newer });

    expect(broken).toMatchObject({ code: 'git-network' });
    expect(opened.head).toBe(newer);
  });

  it('ends a fetch that hangs at its time limit, and one that is cancelled at once', async () => {
    const newer = origin.commit({ n: 'n' });
    server.answer(() => true);
    const impatient = await openWorkspaces(join(directory, 'other'), { networkTimeoutMs: 300 });

    const slow = await impatient.open({ ...overHttp(), at: newer }).catch((error: Error) => error);
    const cancelled = await workspaces
      .open({ ...overHttp(), at: newer, signal: AbortSignal.timeout(200) })
      .catch((error: Error) => error);

    expect(slow).toMatchObject({ code: 'git-timeout' });
    expect(cancelled).toMatchObject({ code: 'git-aborted' });
  });
});

function filesThatHold(root: string, secret: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(secret));
}
