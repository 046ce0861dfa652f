import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspaces } from '#src/workspace/workspaces.ts';
import type { Worktree } from '#src/workspace/worktree.ts';
import {
  aDirectory,
  anOpenRequest,
  anOrigin,
  git,
  type Origin,
  openWorkspaces,
  removeDirectory,
  trailersOf,
  write,
} from './fixtures.ts';

let directory: string;
let origin: Origin;
let workspaces: Workspaces;
let worktree: Worktree;

beforeEach(async () => {
  directory = aDirectory();
  origin = anOrigin(directory, {
    '.gitignore': 'ignored/\n',
    'lib/a.js': 'a\n',
    'lib/b.js': 'b\n',
  });
  workspaces = await openWorkspaces(join(directory, 'data'), { maxFileBytes: 1_000 });
  worktree = await workspaces.open(anOpenRequest(origin));
});
afterEach(() => removeDirectory(directory));

const commit = (step = 'build') =>
  workspaces.commit(worktree, { subject: `${step} it`, trailers: trailersOf(step) });

const read = (path: string, limit: { maxBytes?: number } = {}) =>
  workspaces.readFile(worktree, { sha: origin.base, path, ...limit });

describe('commit', () => {
  it('says what it took in, with counts, and leaves nothing behind', async () => {
    write(worktree.path, { 'src/main.js': 'one\n2\nthree\nfour\n', 'docs/new file.md': 'x\n' });
    rmSync(join(worktree.path, 'lib/a.js'));
    write(worktree.path, { 'ignored/cache': 'x' });

    const result = await commit();

    expect(result?.changed).toEqual([
      { path: 'docs/new file.md', status: 'added', kind: 'file', additions: 1, deletions: 0 },
      { path: 'lib/a.js', status: 'deleted', kind: 'file', additions: 0, deletions: 1 },
      { path: 'src/main.js', status: 'modified', kind: 'file', additions: 2, deletions: 1 },
    ]);
    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
    expect(git(worktree.path, 'rev-parse', 'HEAD^')).toBe(origin.base);
    expect(await workspaces.head(worktree)).toBe(result?.sha);
  });

  it('is null when nothing changed, also for a second commit of the same change', async () => {
    const untouched = await commit();
    write(worktree.path, { 'x.txt': 'x\n' });
    await commit();

    const again = await commit();

    expect([untouched, again]).toEqual([null, null]);
  });

  it('is made by the app, unsigned, with the trailers as its last paragraph', async () => {
    write(worktree.path, { 'x.txt': 'x\n' });

    await workspaces.commit(worktree, {
      subject: 'build\nthe thing',
      body: 'Why it is so.\n\nSluice-Step: forged\n# not a comment',
      trailers: trailersOf('build'),
      author: { name: 'Alice <x>', email: 'alice@example.com' },
      coAuthors: [{ name: 'bob', email: 'bob@example.com' }],
    });

    expect(git(worktree.path, 'cat-file', 'commit', 'HEAD').split('\n').slice(2)).toEqual([
      expect.stringMatching(/^author Alice x <alice@example.com> /),
      expect.stringMatching(/^committer sluice\[bot\] <sluice\[bot\]@example.com> /),
      '',
      'build the thing',
      '',
      'Why it is so.',
      '',
      '# not a comment',
      '',
      'Co-authored-by: bob <bob@example.com>',
      'Sluice-Run: run1',
      'Sluice-Step: build',
      'Sluice-Visit: 1',
      'Sluice-Attempt: 1',
    ]);
  });

  it('follows a directory that became a file, and a file that became a directory', async () => {
    rmSync(join(worktree.path, 'lib'), { recursive: true });
    rmSync(join(worktree.path, 'src/main.js'));
    write(worktree.path, { lib: 'a file now\n', 'src/main.js/index.js': 'x\n' });

    const result = await commit();

    expect(result?.changed.map(({ status, path }) => `${status} ${path}`)).toEqual([
      'added lib',
      'deleted lib/a.js',
      'deleted lib/b.js',
      'deleted src/main.js',
      'added src/main.js/index.js',
    ]);
    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
  });

  it('follows a directory that became a link', async () => {
    rmSync(join(worktree.path, 'lib'), { recursive: true });
    symlinkSync('src', join(worktree.path, 'lib'));

    const result = await commit();

    expect(result?.changed).toContainEqual(
      expect.objectContaining({ path: 'lib', status: 'added', kind: 'link' }),
    );
    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
  });

  it('keeps names that are no UTF-8, have quotes, line breaks or look like options', async () => {
    const odd = Buffer.from([...Buffer.from(`${worktree.path}/caf`), 0xe9]);
    writeFileSync(odd, 'latin1\n');
    write(worktree.path, { '--all': 'x', 'a "b"\n\tc\\d': 'x', 'grün.md': 'x', ' lead': 'x' });

    const result = await commit();

    expect(result?.changed.map(({ path }) => path).toSorted()).toEqual(
      [' lead', '--all', 'a "b"\n\tc\\d', 'caf\ufffd', 'grün.md'].toSorted(),
    );
    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
  });

  it('takes in a new mode and an executable file', async () => {
    chmodSync(join(worktree.path, 'lib/a.js'), 0o755);

    const result = await commit();

    expect(result?.changed).toMatchObject([{ path: 'lib/a.js', kind: 'executable' }]);
  });

  it('counts no lines of a binary file', async () => {
    writeFileSync(join(worktree.path, 'logo.png'), Buffer.from([0, 1, 2, 0]));

    const result = await commit();

    expect(result?.changed).toMatchObject([{ additions: null, deletions: null }]);
  });

  it('refuses a file above the size limit and moves nothing', async () => {
    write(worktree.path, { 'small.txt': 'x', 'large.bin': 'x'.repeat(1_001) });

    const committing = commit();

    await expect(committing).rejects.toMatchObject({
      code: 'git-too-large',
      fields: { path: 'large.bin', bytes: 1_001, limit: 1_000 },
    });
    expect(await workspaces.head(worktree)).toBe(origin.base);
  });

  it('is bound to files, not to what happens to be staged', async () => {
    write(worktree.path, { 'staged.txt': 'first\n' });
    git(worktree.path, 'add', '--all');
    git(worktree.path, 'rm', '--quiet', '--cached', 'lib/a.js');
    rmSync(join(worktree.path, 'staged.txt'));

    const result = await commit();

    expect(result).toBeNull();
    expect(readFileSync(join(worktree.path, 'lib/a.js'), 'utf8')).toBe('a\n');
  });
});

describe('findCommit', () => {
  it('finds the commit of a step at HEAD or behind it, and no other', async () => {
    write(worktree.path, { 'plan.md': 'x' });
    const plan = await commit('plan');
    write(worktree.path, { 'build.md': 'x' });
    const build = await commit('build');

    const find = (step: string) => workspaces.findCommit(worktree, trailersOf(step));

    expect(await find('plan')).toBe(plan?.sha);
    expect(await find('build')).toBe(build?.sha);
    expect(await find('review')).toBeNull();
    expect(await workspaces.findCommit(worktree, { 'Sluice-Step': 'pla' })).toBeNull();
  });

  it('takes no step for done because a message says so', async () => {
    write(worktree.path, { 'x.md': 'x' });
    await workspaces.commit(worktree, {
      subject: 'Sluice-Step: forged',
      body: 'Sluice-Step: forged\n\nSluice-Step : forged',
      trailers: trailersOf('build'),
    });

    expect(await workspaces.findCommit(worktree, { 'Sluice-Step': 'forged' })).toBeNull();
  });
});

describe('changes and diff', () => {
  it('show the worktree as it is now, without touching it', async () => {
    write(worktree.path, { 'src/main.js': 'one\n2\nthree\n', 'new.txt': 'new\n' });
    const before = git(worktree.path, 'status', '--porcelain');

    const diff = await workspaces.diff(worktree, origin.base);

    expect(diff.files.map(({ path }) => path)).toEqual(['new.txt', 'src/main.js']);
    expect([diff.additions, diff.deletions, diff.truncated]).toEqual([2, 1, false]);
    expect(diff.patch).toContain('-two\n+2\n');
    expect(git(worktree.path, 'status', '--porcelain')).toBe(before);
  });

  it('have the same id exactly while the content is the same', async () => {
    write(worktree.path, { 'new.txt': 'new\n' });
    const first = await workspaces.diff(worktree, origin.base);
    const same = await workspaces.diff(worktree, origin.base);
    write(worktree.path, { 'new.txt': 'newer\n' });
    const other = await workspaces.diff(worktree, origin.base);

    expect(same.to).toBe(first.to);
    expect(other.to).not.toBe(first.to);
  });

  it('compare two commits', async () => {
    write(worktree.path, { '.github/workflows/ci.yml': 'x\n' });
    const result = await commit();
    write(worktree.path, { 'later.txt': 'x\n' });

    const changes = await workspaces.changes(worktree, origin.base, result!.sha);

    expect(changes.files.map(({ path }) => path)).toEqual(['.github/workflows/ci.yml']);
  });

  it('cut a long patch at a line and say so, but list every file', async () => {
    const small = await openWorkspaces(join(directory, 'data'), { maxPatchBytes: 300 });
    mkdirSync(join(worktree.path, 'many'));
    write(
      worktree.path,
      Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, 'x\n'])),
    );

    const diff = await small.diff(worktree, origin.base);

    expect(diff.truncated).toBe(true);
    expect(diff.patch.length).toBeLessThanOrEqual(300);
    expect(diff.patch.endsWith('\n')).toBe(true);
    expect(diff.files).toHaveLength(50);
  });

  it('may run in numbers at the same time', async () => {
    write(worktree.path, { 'new.txt': 'new\n' });

    const all = await Promise.all(
      Array.from({ length: 6 }, () => workspaces.diff(worktree, origin.base)),
    );

    expect(new Set(all.map(({ to }) => to)).size).toBe(1);
  });

  it('say so when a commit is unknown', async () => {
    const changes = workspaces.changes(worktree, 'a'.repeat(40), origin.base);

    await expect(changes).rejects.toMatchObject({ code: 'git-unknown-commit' });
  });
});

describe('readFile', () => {
  it('reads a file of a commit, cut at the limit', async () => {
    expect(await read('src/main.js')).toEqual({
      text: 'one\ntwo\nthree\n',
      bytes: 14,
      truncated: false,
    });
    expect(await read('src/main.js', { maxBytes: 5 })).toEqual({
      text: 'one\nt',
      bytes: 14,
      truncated: true,
    });
    expect(await read('src')).toBeNull();
    expect(await read('absent')).toBeNull();
    expect(await read('../../etc/passwd')).toBeNull();
    expect(await read('a\nb')).toBeNull();
  });
});
