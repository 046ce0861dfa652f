import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GIT_ENV } from '#test/support/github/git/git.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';

const run = promisify(execFile);
let github: LocalGitHub;
let folder: string;

beforeAll(async () => {
  github = await startLocalGitHub({
    repositories: [
      { name: 'demo', files: { 'README.md': '# demo\n', 'ü/ä.txt': 'bytes \u0000 and more' } },
      { name: 'secret', private: true, files: { 'a.txt': 'a\n' } },
    ],
  });
});
afterAll(() => github.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'git-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Git with a token in its environment, as the app passes it. */
async function git(token: string | null, ...args: string[]) {
  const credential = Buffer.from(`x-access-token:${token}`).toString('base64');
  const env = {
    ...GIT_ENV,
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.org',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.org',
    ...(token !== null && {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `http.${github.url}/.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${credential}`,
    }),
  };
  try {
    const { stdout, stderr } = await run('git', args, { cwd: folder, env });
    return { ok: true, output: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { ok: false, output: stdout + stderr };
  }
}

const origin = (name = 'demo') => `${github.url}/acme/${name}.git`;

async function cloneAndCommit(token: string, file: string): Promise<void> {
  await git(token, 'clone', '-q', origin(), '.');
  await writeFile(join(folder, file), `${file}\n`);
  await git(token, 'add', '-A');
  await git(token, 'commit', '-q', '-m', `Add ${file}\n\nSluice-Step: one`);
}

describe('git over HTTP', () => {
  it('clones what was seeded, byte for byte', async () => {
    const clone = await git(null, 'clone', '-q', origin(), '.');
    const blob = await git(null, 'cat-file', 'blob', 'HEAD:ü/ä.txt');
    const fsck = await git(null, 'fsck', '--strict');

    expect(clone).toMatchObject({ ok: true });
    expect(blob.output).toBe('bytes \u0000 and more');
    expect(fsck.ok).toBe(true);
  });

  it('shows a pushed branch, its commits and its files in the API before git is answered', async () => {
    const token = await github.mintToken();
    await cloneAndCommit(token, 'pushed.txt');

    const push = await git(token, 'push', '-q', 'origin', 'HEAD:work/1');
    const { output } = await git(token, 'rev-parse', 'HEAD');

    expect(push.ok).toBe(true);
    expect(await github.sha('work/1')).toBe(output.trim());
    expect(await github.fileAt('work/1', 'pushed.txt')).toBe('pushed.txt\n');
    const [newest] = await github.commits('work/1');
    expect(newest?.message).toContain('Sluice-Step: one');
  });

  it('accepts a push whose objects the API already has', async () => {
    const token = await github.mintToken();
    await git(token, 'clone', '-q', origin(), '.');

    const push = await git(token, 'push', '-q', 'origin', 'HEAD:work/same', 'HEAD:refs/tags/v1');

    expect(push.ok).toBe(true);
    expect(await github.sha('work/same')).toBe(await github.sha('main'));
  });

  it('fetches commits that were made through the API', async () => {
    const sha = await github.as('bob').pushCommit('api-born', { 'deep/er/file.txt': 'content\n' });

    await git(null, 'clone', '-q', '-b', 'api-born', origin(), '.');
    const { output } = await git(null, 'rev-parse', 'HEAD');

    expect(output.trim()).toBe(sha);
    expect((await git(null, 'fsck', '--strict')).ok).toBe(true);
  });

  it('offers the head of a pull request as refs/pull/N/head', async () => {
    const sha = await github.as('bob').pushCommit('for-pull', { 'p.txt': 'p\n' });
    const { number } = await github
      .as('bob')
      .createPull({ title: 'P', head: 'for-pull', base: 'main' });
    await git(null, 'clone', '-q', origin(), '.');

    await git(null, 'fetch', '-q', 'origin', `pull/${number}/head`);
    const { output } = await git(null, 'rev-parse', 'FETCH_HEAD');

    expect(output.trim()).toBe(sha);
  });

  it('refuses anonymous pushes, tokens without contents:write and people without write access', async () => {
    const narrow = await github.mintToken({ permissions: { contents: 'read', metadata: 'read' } });
    await cloneAndCommit(await github.mintToken(), 'refused.txt');

    const anonymous = await git(null, 'push', 'origin', 'HEAD:nope');
    const reading = await git(narrow, 'push', 'origin', 'HEAD:nope');
    const reader = await git('gho_rita', 'push', 'origin', 'HEAD:nope');
    const unknown = await git('ghs_nobody', 'push', 'origin', 'HEAD:nope');

    for (const attempt of [anonymous, reading, reader, unknown]) expect(attempt.ok).toBe(false);
    expect(reading.output).toContain('403');
    expect(github.branches()).not.toContain('nope');
  });

  it('hides a private repository from those who may not read it', async () => {
    const permissions = { contents: 'read' };
    const token = await github.mintToken({ repositories: ['secret'], permissions });
    const elsewhere = await github.mintToken({ repositories: ['demo'] });

    const anonymous = await git(null, 'ls-remote', origin('secret'));
    const stranger = await git('gho_mallory', 'ls-remote', origin('secret'));
    const narrowed = await git(elsewhere, 'ls-remote', origin('secret'));
    const granted = await git(token, 'ls-remote', origin('secret'));

    expect([anonymous.ok, stranger.ok, narrowed.ok, granted.ok]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('refuses tokens that have ended', async () => {
    const token = await github.mintToken();
    await cloneAndCommit(token, 'late.txt');

    github.clock.advance(61 * 60 * 1000);
    const push = await git(token, 'push', 'origin', 'HEAD:late');

    expect(push.ok).toBe(false);
    expect(github.branches()).not.toContain('late');
  });

  it('rejects a protected branch by name and takes the others of the same push', async () => {
    const token = await github.mintToken();
    await github.as('bob').pushCommit('release', { 'r.txt': 'r\n' });
    await github.protect('release');
    await cloneAndCommit(token, 'more.txt');
    const before = await github.sha('release');

    const push = await git(token, 'push', '-f', 'origin', 'HEAD:release', 'HEAD:allowed');

    expect(push.output).toContain(
      '[remote rejected] HEAD -> release (protected branch hook declined)',
    );
    expect(await github.sha('release')).toBe(before);
    expect(github.branches()).toContain('allowed');
    const { output } = await git(token, 'ls-remote', 'origin', 'release');
    expect(output).toContain(before);
  });

  it('rejects an annotated tag without keeping it', async () => {
    const token = await github.mintToken();
    await git(token, 'clone', '-q', origin(), '.');
    await git(token, 'tag', '-a', '-m', 'annotated', 'v9');

    const push = await git(token, 'push', 'origin', 'v9');

    expect(push.output).toContain('[remote rejected]');
    expect((await git(token, 'ls-remote', 'origin', 'v9')).output).toBe('');
  });

  it('rejects what is not a fast-forward unless forced', async () => {
    const token = await github.mintToken();
    await github.as('bob').pushCommit('moving', { 'm.txt': '1\n' });
    await cloneAndCommit(token, 'other.txt');

    const plain = await git(token, 'push', 'origin', 'HEAD:moving');
    const forced = await git(token, 'push', '-f', 'origin', 'HEAD:moving');

    expect([plain.ok, forced.ok]).toEqual([false, true]);
  });

  it('deletes a branch', async () => {
    const token = await github.mintToken();
    await github.as('bob').pushCommit('short-lived', { 's.txt': 's\n' });
    await git(token, 'clone', '-q', origin(), '.');

    await git(token, 'push', '-q', 'origin', '--delete', 'short-lived');

    expect(github.branches()).not.toContain('short-lived');
  });

  it('serves several pushes at the same time', async () => {
    const token = await github.mintToken();
    await cloneAndCommit(token, 'parallel.txt');

    const pushes = await Promise.all(
      [1, 2, 3, 4].map((n) => git(token, 'push', '-q', 'origin', `HEAD:parallel/${n}`)),
    );

    expect(pushes.every((push) => push.ok)).toBe(true);
    expect(github.branches().filter((name) => name.startsWith('parallel/'))).toHaveLength(4);
  });
});
