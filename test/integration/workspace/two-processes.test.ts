import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withTreeLock } from '#src/workspace/tree-lock.ts';
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
  write,
} from './fixtures.ts';

const HOLDER = fileURLToPath(new URL('./lock-holder.ts', import.meta.url));

let directory: string;
let root: string;
let origin: Origin;
let here: Workspaces;
let there: Workspaces;

beforeEach(async () => {
  directory = aDirectory();
  root = join(directory, 'data');
  origin = anOrigin(directory);
  here = await openWorkspaces(root);
  there = await openWorkspaces(root);
});
afterEach(() => removeDirectory(directory));

function makeOld({ gitDir }: Worktree): void {
  const yesterday = Date.now() / 1_000 - 86_400;
  utimesSync(join(gitDir, 'sluice-opening'), yesterday, yesterday);
  utimesSync(join(root, 'runs', 'run1'), yesterday, yesterday);
}

it('does not sweep a run that another process opens while the sweep goes on', async () => {
  const worktree = await here.open(anOpenRequest(origin));
  makeOld(worktree);
  const sweeping = withTreeLock(join(root, 'lock'), async () => {
    const removed = here.sweep({ keep: new Set() });
    // As `open` does under the lock.
    const now = new Date();
    utimesSync(join(worktree.gitDir, 'sluice-opening'), now, now);
    return { removed };
  });

  expect(await (await sweeping).removed).toEqual([]);
  expect(git(worktree.path, 'status', '--porcelain')).toBe('');
});

it('sweeps a run once, whichever of two processes comes first', async () => {
  makeOld(await here.open(anOpenRequest(origin)));

  const removed = await Promise.all([here, there].map((one) => one.sweep({ keep: new Set() })));

  expect(removed.flat()).toEqual(['run1']);
  expect(readdirSync(join(root, 'runs'))).toEqual([]);
});

it('opens and sweeps the same run at the same time and leaves a whole worktree or none', async () => {
  for (let round = 0; round < 10; round += 1) {
    makeOld(await here.open(anOpenRequest(origin)));

    const [opened] = await Promise.all([
      there.open(anOpenRequest(origin)),
      here.sweep({ keep: new Set() }),
    ]);

    expect(git(opened.path, 'status', '--porcelain')).toBe('');
    expect(await there.stillStands(opened)).toBe(true);
  }
});

it('gives back nothing of a run that went on in another process meanwhile', async () => {
  await here.open(anOpenRequest(origin));
  const looked = Date.now();
  const worktree = await there.open(anOpenRequest(origin));

  expect(await here.remove('run1', { openedBefore: looked })).toBe(false);

  expect(existsSync(worktree.path)).toBe(true);
});

it('knows a worktree that another process opened, moved or removed since', async () => {
  const mine = await here.open(anOpenRequest(origin));
  expect(await here.stillStands(mine)).toBe(true);

  const theirs = await there.open(anOpenRequest(origin));
  expect(await here.stillStands(mine)).toBe(false);

  write(theirs.path, { 'new.txt': 'x' });
  await there.commit(theirs, { subject: 'more', trailers: {} });
  expect(await there.stillStands(theirs)).toBe(false);

  const again = await here.open(anOpenRequest(origin));
  await there.remove('run1');
  expect(await here.stillStands(again)).toBe(false);
});

it('counts a worktree that is used again as opened', async () => {
  const worktree = await here.open(anOpenRequest(origin));
  makeOld(worktree);

  expect(await here.stillStands(worktree)).toBe(true);

  expect(await there.sweep({ keep: new Set() })).toEqual([]);
});

it('waits for a process that holds the lock, and not for one that was killed', async () => {
  const holder = spawn(process.execPath, [HOLDER, join(root, 'lock')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const opening = here.open(anOpenRequest(origin));
  const ended = once(holder, 'exit');
  holder.kill('SIGKILL');
  await ended;

  expect((await opening).head).toBe(origin.base);
});
