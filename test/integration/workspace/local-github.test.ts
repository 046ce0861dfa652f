import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Workspaces } from '#src/workspace/workspaces.ts';
import type { Worktree } from '#src/workspace/worktree.ts';
import { startLocalGitHub } from '#test/support/github/local-github.ts';
import {
  aDirectory,
  anOpenRequest,
  aPushRequest,
  openWorkspaces,
  removeDirectory,
  trailersOf,
  write,
} from './fixtures.ts';

type LocalGitHub = Awaited<ReturnType<typeof startLocalGitHub>>;

let github: LocalGitHub;
let directory: string;
let workspaces: Workspaces;
let runs = 0;

beforeAll(async () => {
  github = await startLocalGitHub({
    repositories: [{ name: 'demo', private: true, files: { 'README.md': '# demo\n' } }],
  });
});
afterAll(() => github.close());
beforeEach(async () => {
  directory = aDirectory();
  workspaces = await openWorkspaces(join(directory, 'data'));
});
afterEach(() => {
  github.faults.clear();
  removeDirectory(directory);
});

async function request(permission: 'read' | 'write' = 'read') {
  runs += 1;
  const base = await github.sha('main');
  const cloneUrl = `${github.url}/${github.fullName}.git`;
  const repository = { owner: github.owner, repo: 'demo', cloneUrl };
  const token = await github.mintToken({ permissions: { contents: permission } });
  return { ...anOpenRequest({ repository, base }, `run${runs}`), credential: { token } };
}

async function aCommit(worktree: Worktree): Promise<string> {
  write(worktree.path, { 'src/new.js': 'export {};\n' });
  const message = { subject: 'build it', trailers: trailersOf('build') };
  return (await workspaces.commit(worktree, message))!.sha;
}

describe('a worktree of a private repository on GitHub', () => {
  it('is opened with a token that may read, and pushed with one that may write', async () => {
    const reading = await request('read');
    const { credential } = await request('write');
    const worktree = await workspaces.open(reading);
    const sha = await aCommit(worktree);
    const branch = reading.branch;

    const pushed = await workspaces.push(worktree, aPushRequest({ branch, sha, credential }));

    expect(pushed).toEqual({ status: 'pushed' });
    expect(await github.sha(branch)).toBe(sha);
    expect((await github.commits(branch))[0]).toMatchObject({ sha });
  });

  it('is not pushed with a token that may only read', async () => {
    const reading = await request('read');
    const worktree = await workspaces.open(reading);
    const sha = await aCommit(worktree);

    const pushing = workspaces.push(
      worktree,
      aPushRequest({ branch: reading.branch, sha, credential: reading.credential }),
    );

    await expect(pushing).rejects.toMatchObject({ code: 'git-auth' });
    expect(github.branches()).not.toContain(reading.branch);
  });

  it('is not opened with a token that is nobody', async () => {
    const opening = workspaces.open({ ...(await request()), credential: { token: 'ghs_nobody' } });

    await expect(opening).rejects.toMatchObject({ code: 'git-auth' });
  });

  it('is refused when GitHub protects the branch, though nobody told us', async () => {
    const writing = await request('write');
    const worktree = await workspaces.open(writing);
    await workspaces.push(
      worktree,
      aPushRequest({ branch: 'guarded', sha: writing.baseSha, credential: writing.credential }),
    );
    await github.protect('guarded');
    const sha = await aCommit(worktree);

    const result = await workspaces.push(
      worktree,
      aPushRequest({ branch: 'guarded', sha, credential: writing.credential }),
    );

    expect(result).toMatchObject({ status: 'refused', reason: 'protected-branch' });
  });

  it('may be pushed again when the answer to the first push is lost', async () => {
    const writing = await request('write');
    const { branch, credential } = writing;
    const worktree = await workspaces.open(writing);
    const sha = await aCommit(worktree);
    github.faults.add({ kind: 'lost-reply', path: /git-receive-pack$/ });

    const lost = await workspaces
      .push(worktree, aPushRequest({ branch, sha, credential }))
      .catch((error: Error) => error);
    const again = await workspaces.push(worktree, aPushRequest({ branch, sha, credential }));

    expect(lost).toMatchObject({ code: 'git-network', transient: true });
    // Whether the first push had landed before the connection broke is not ours to say.
    expect(['pushed', 'already-there']).toContain(again.status);
    expect(await github.sha(branch)).toBe(sha);
  });

  it.each(['500', '503', 'secondary429', 'reset'] as const)(
    'is opened at the second try after %s',
    async (kind) => {
      const reading = await request();
      github.faults.add({ kind, path: /info\/refs/ });
      const broken = await workspaces.open(reading).catch((error: Error) => error);

      const worktree = await workspaces.open(reading);

      expect(broken).toMatchObject({ transient: true });
      expect(worktree.head).toBe(reading.baseSha);
    },
  );
});

describe('the orphan of an attempt that died after its push', () => {
  it('is the only commit on top of the parent with the trailers of the step', async () => {
    const writing = await request('write');
    const { branch, credential, baseSha } = writing;
    const worktree = await workspaces.open(writing);
    const sha = await aCommit(worktree);
    await workspaces.push(worktree, aPushRequest({ branch, sha, credential }));
    const elsewhere = await openWorkspaces(join(directory, 'another-machine'));
    const other = await elsewhere.open(writing);
    const find = (parent: string, step: string) =>
      elsewhere.orphan(other, { branch, parent, trailers: trailersOf(step), credential });

    const found = await find(baseSha, 'build');
    const ofAnotherStep = await find(baseSha, 'plan');
    const onAnotherParent = await find('a'.repeat(40), 'build');
    const nothingNew = await find(sha, 'build');

    expect([found, ofAnotherStep, onAnotherParent, nothingNew]).toEqual([sha, null, null, null]);
  });
});
