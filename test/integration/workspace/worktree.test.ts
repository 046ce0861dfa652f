import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspaces } from '#src/workspace/workspaces.ts';
import {
  aDirectory,
  anOpenRequest,
  anOrigin,
  aPushRequest,
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

beforeEach(async () => {
  directory = aDirectory();
  origin = anOrigin(directory, { '.gitignore': 'node_modules/\n' });
  workspaces = await openWorkspaces(join(directory, 'data'));
});
afterEach(() => removeDirectory(directory));

describe('open', () => {
  it('checks the base commit out for a run seen for the first time', async () => {
    const worktree = await workspaces.open(anOpenRequest(origin));

    expect(worktree.head).toBe(origin.base);
    expect(readFileSync(join(worktree.path, 'src/main.js'), 'utf8')).toBe('one\ntwo\nthree\n');
    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
    expect(git(worktree.path, 'log', '--format=%H')).toBe(origin.base);
  });

  it('asks no network for a commit that is already here', async () => {
    await workspaces.open(anOpenRequest(origin, 'run1'));
    removeDirectory(origin.bare);

    const worktree = await workspaces.open(anOpenRequest(origin, 'run2'));

    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
  });

  it('fetches a commit the mirror does not have yet', async () => {
    await workspaces.open(anOpenRequest(origin, 'run1'));
    const newer = origin.commit({ 'new.txt': 'new\n' });

    const worktree = await workspaces.open({ ...anOpenRequest(origin, 'run2'), at: newer });

    expect(readFileSync(join(worktree.path, 'new.txt'), 'utf8')).toBe('new\n');
  });

  it('stands on the pushed head of the run branch when no commit is asked for', async () => {
    const { at: _, ...request } = anOpenRequest(origin);
    const before = await workspaces.open(request);
    const pushed = origin.commit({ 'step.txt': 'done elsewhere\n' }, request.branch);

    const elsewhere = await openWorkspaces(join(directory, 'another-machine'));
    const after = await elsewhere.open(request);

    expect([before.head, after.head]).toEqual([origin.base, pushed]);
  });

  it('finds the head of a pull request of a fork, which no branch holds', async () => {
    const forked = origin.commit({ 'fork.txt': 'from a fork\n' }, 'passing');
    git(origin.bare, 'update-ref', 'refs/pull/7/head', forked);
    git(origin.bare, 'update-ref', '-d', 'refs/heads/passing');

    const worktree = await workspaces.open({
      ...anOpenRequest(origin),
      at: forked,
      pullRequest: 7,
    });

    expect(existsSync(join(worktree.path, 'fork.txt'))).toBe(true);
  });

  it('says so when the repository has no such commit, and leaves the mirror as it is', async () => {
    const request = anOpenRequest(origin);
    const { mirror } = await workspaces.open(request);
    const { ino } = statSync(mirror);

    const opening = workspaces.open({ ...request, runId: 'run2', at: 'a'.repeat(40) });

    await expect(opening).rejects.toMatchObject({ code: 'git-unknown-commit' });
    expect(statSync(mirror).ino).toBe(ino);
  });

  it('gives ten runs that start at once a worktree each', async () => {
    const runs = Array.from({ length: 10 }, (_, number) => `run${number}`);

    const worktrees = await Promise.all(
      runs.map((runId) => workspaces.open(anOpenRequest(origin, runId))),
    );

    for (const { path } of worktrees) expect(git(path, 'rev-parse', 'HEAD')).toBe(origin.base);
    expect(new Set(worktrees.map(({ path }) => path)).size).toBe(10);
  });

  it('lets two workers of one machine open the same run at once', async () => {
    const other = await openWorkspaces(join(directory, 'data'));

    const opened = await Promise.all(
      [workspaces, other, workspaces, other].map((each) => each.open(anOpenRequest(origin))),
    );

    expect(opened.map(({ head }) => head)).toEqual(Array(4).fill(origin.base));
    expect(git(opened[0]!.path, 'status', '--porcelain')).toBe('');
  });

  it('drops what an earlier step left uncommitted and keeps installed dependencies', async () => {
    const { path } = await workspaces.open(anOpenRequest(origin));
    write(path, { 'src/main.js': 'broken', 'left.txt': 'x', 'node_modules/a/index.js': 'y' });

    await workspaces.open(anOpenRequest(origin));

    expect(git(path, 'status', '--porcelain')).toBe('');
    expect(existsSync(join(path, 'left.txt'))).toBe(false);
    expect(existsSync(join(path, 'node_modules/a/index.js'))).toBe(true);
  });

  it('follows the run to another commit', async () => {
    const request = anOpenRequest(origin);
    await workspaces.open(request);
    const newer = origin.commit({ 'src/main.js': 'newer\n' });

    const { path } = await workspaces.open({ ...request, at: newer });

    expect(readFileSync(join(path, 'src/main.js'), 'utf8')).toBe('newer\n');
    expect(git(path, 'status', '--porcelain')).toBe('');
  });

  it.each([
    ['a run id that is a path', { runId: '../../etc' }],
    ['a branch that reads as an option', { branch: '--upload-pack=touch /tmp/x' }],
    ['a base that is no commit id', { baseSha: 'main' }],
    ['a commit that reads as an option', { at: '--orphan' }],
  ])('refuses %s', async (_, wrong) => {
    const opening = workspaces.open({ ...anOpenRequest(origin), ...wrong });

    await expect(opening).rejects.toMatchObject({ code: 'git-invalid-request' });
  });
});

describe('open after damage', () => {
  it.each([
    ['its files are gone', (path: string) => removeDirectory(path)],
    ['its .git file is gone', (path: string) => rmSync(join(path, '.git'))],
    ['its .git points elsewhere', (path: string) => write(path, { '.git': 'gitdir: /nowhere\n' })],
    [
      'its .git is a directory',
      (path: string) => {
        rmSync(join(path, '.git'));
        git(path, 'init', '--quiet');
      },
    ],
  ])('mends a worktree when %s', async (_, damage) => {
    const { path } = await workspaces.open(anOpenRequest(origin));
    damage(path);

    await workspaces.open(anOpenRequest(origin));

    expect(git(path, 'status', '--porcelain')).toBe('');
    expect(git(path, 'rev-parse', 'HEAD')).toBe(origin.base);
  });

  it.each(['HEAD', 'index', 'commondir', 'gitdir'])('mends an emptied %s', async (name) => {
    const { path, gitDir } = await workspaces.open(anOpenRequest(origin));
    writeFileSync(join(gitDir, name), '');

    await workspaces.open(anOpenRequest(origin));

    expect(git(path, 'status', '--porcelain')).toBe('');
    expect(git(path, 'rev-parse', 'HEAD')).toBe(origin.base);
  });

  it.each(['HEAD', 'config', 'refs', 'objects'])('mends a mirror without %s', async (name) => {
    const { path, mirror } = await workspaces.open(anOpenRequest(origin));
    removeDirectory(join(mirror, name));

    await workspaces.open(anOpenRequest(origin));

    expect(git(path, 'status', '--porcelain')).toBe('');
    expect(git(path, 'log', '--format=%H')).toBe(origin.base);
  });

  it('rebuilds a mirror whose packs are lost, and other runs go on', async () => {
    const first = await workspaces.open(anOpenRequest(origin, 'run1'));
    const packs = join(first.mirror, 'objects/pack');
    for (const name of readdirSync(packs)) rmSync(join(packs, name), { force: true });

    const second = await workspaces.open(anOpenRequest(origin, 'run2'));
    await workspaces.open(anOpenRequest(origin, 'run1'));

    expect(git(second.path, 'status', '--porcelain')).toBe('');
    expect(git(first.path, 'status', '--porcelain')).toBe('');
  });

  it('does not take a lock left by a killed git for an obstacle', async () => {
    const { path, gitDir } = await workspaces.open(anOpenRequest(origin));
    write(gitDir, { 'index.lock': '', 'HEAD.lock': '' });
    write(path, { 'src/main.js': 'half written' });

    await workspaces.open(anOpenRequest(origin));

    expect(git(path, 'status', '--porcelain')).toBe('');
  });
});

describe('reset', () => {
  it('removes everything a crashed step produced, ignored files included', async () => {
    const worktree = await workspaces.open(anOpenRequest(origin));
    const { path } = worktree;
    write(path, { 'src/main.js': 'x', 'new/file.txt': 'x', 'node_modules/a.js': 'x' });
    git(path, 'init', '--quiet', 'nested');
    const committed = await workspaces.commit(worktree, {
      subject: 'half a step',
      trailers: trailersOf('plan'),
    });

    const reset = await workspaces.reset(worktree, origin.base);

    expect(committed).not.toBeNull();
    expect(reset.head).toBe(origin.base);
    expect(git(path, 'status', '--porcelain', '--ignored')).toBe('');
    expect(existsSync(join(path, 'nested'))).toBe(false);
  });
});

describe('remove and sweep', () => {
  it('leaves nothing of a removed run, here or in the mirror', async () => {
    const worktree = await workspaces.open(anOpenRequest(origin));
    await workspaces.isolate(worktree, 'review/1');

    await workspaces.remove('run1');
    await workspaces.remove('run1');

    expect(existsSync(worktree.path)).toBe(false);
    expect(git(worktree.mirror, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('sweeps the runs that are over, and their members, and keeps the others', async () => {
    const kept = await workspaces.open(anOpenRequest(origin, 'kept'));
    const stale = await workspaces.open(anOpenRequest(origin, 'stale'));
    await workspaces.isolate(stale, 'a');

    const removed = await workspaces.sweep({ keep: new Set(['kept']), graceMs: 0 });

    expect(removed).toEqual(['stale']);
    expect(existsSync(stale.path)).toBe(false);
    expect(git(kept.path, 'status', '--porcelain')).toBe('');
  });

  it('does not sweep a run that was opened just now', async () => {
    const worktree = await workspaces.open(anOpenRequest(origin));

    const removed = await workspaces.sweep({ keep: new Set() });

    expect(removed).toEqual([]);
    expect(existsSync(worktree.path)).toBe(true);
  });

  it('keeps one ref for a line of commits, however many of them were fetched', async () => {
    const { mirror } = await workspaces.open(anOpenRequest(origin));
    for (const name of ['a', 'b', 'c']) {
      await workspaces.open({ ...anOpenRequest(origin), at: origin.commit({ [name]: name }) });
    }

    await workspaces.sweep({ keep: new Set(['run1']) });

    expect(git(mirror, 'for-each-ref', '--format=%(objectname)')).toBe(origin.headOf('main'));
  });

  it('brings a swept run back from what was pushed', async () => {
    const { at: _, ...request } = anOpenRequest(origin);
    const worktree = await workspaces.open(request);
    write(worktree.path, { 'plan.md': 'the plan\n' });
    const commit = await workspaces.commit(worktree, {
      subject: 'plan',
      trailers: trailersOf('plan'),
    });
    await workspaces.push(worktree, aPushRequest({ branch: request.branch, sha: commit!.sha }));
    await workspaces.sweep({ keep: new Set(), graceMs: 0 });

    const { head } = await workspaces.open(request);

    expect(head).toBe(commit!.sha);
    expect(readFileSync(join(worktree.path, 'plan.md'), 'utf8')).toBe('the plan\n');
  });
});
