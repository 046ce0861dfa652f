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
  origin = anOrigin(directory);
  workspaces = await openWorkspaces(join(directory, 'data'));
  worktree = await workspaces.open(anOpenRequest(origin));
});
afterEach(() => removeDirectory(directory));

const message = { subject: 'merge the members', trailers: trailersOf('group') };

async function member(memberId: string, files: Record<string, string>) {
  const isolated = await workspaces.isolate(worktree, memberId);
  write(isolated.path, files);
  const commit = await workspaces.commit(isolated, {
    subject: memberId,
    trailers: trailersOf(memberId),
  });
  return { memberId, sha: commit!.sha };
}

describe('isolated members', () => {
  it('see nothing of each other and are merged in order', async () => {
    const members = await Promise.all([
      member('api/1', { 'api.txt': 'api\n' }),
      member('web/2', { 'web.txt': 'web\n' }),
    ]);

    const result = await workspaces.merge(worktree, members, message);

    expect(result).toEqual({ status: 'merged', sha: await workspaces.head(worktree) });
    expect(git(worktree.path, 'ls-files')).toBe('README.md\napi.txt\nsrc/main.js\nweb.txt');
    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
    const merged = git(worktree.path, 'log', '--first-parent', '--format=%P', '-2').split('\n');
    expect(merged.map((parents) => parents.split(' ')[1])).toEqual([
      members[1].sha,
      members[0].sha,
    ]);
  });

  it('are merged once, however often it is asked for', async () => {
    const members = [await member('api', { 'api.txt': 'api\n' })];
    const first = await workspaces.merge(worktree, members, message);

    const second = await workspaces.merge(worktree, members, message);

    expect(second).toEqual(first);
    expect(await workspaces.findCommit(worktree, trailersOf('group'))).toBe(
      await workspaces.head(worktree),
    );
  });

  it('that changed the same lines are a conflict with names, and nothing moves', async () => {
    const members = [
      await member('first', { 'src/main.js': 'first\n', 'new.txt': 'x\n' }),
      await member('second', { 'src/main.js': 'second\n' }),
    ];

    const result = await workspaces.merge(worktree, members, message);

    expect(result).toEqual({ status: 'conflict', memberId: 'second', paths: ['src/main.js'] });
    expect(await workspaces.head(worktree)).toBe(origin.base);
    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
  });

  it('start where the run stands', async () => {
    write(worktree.path, { 'plan.md': 'x\n' });
    const plan = await workspaces.commit(worktree, {
      subject: 'plan',
      trailers: trailersOf('plan'),
    });

    const isolated = await workspaces.isolate(worktree, 'api');

    expect(isolated.head).toBe(plan!.sha);
    expect(isolated.path).not.toBe(worktree.path);
  });
});
