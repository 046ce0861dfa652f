import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
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

const WORKER = fileURLToPath(new URL('./busy-worker.ts', import.meta.url));

let directory: string;
let origin: Origin;

beforeEach(() => {
  directory = aDirectory();
  const files = Array.from({ length: 200 }, (_, n) => [`many/${n}.txt`, `${n}\n`.repeat(100)]);
  origin = anOrigin(directory, Object.fromEntries(files) as Record<string, string>);
});
afterEach(() => removeDirectory(directory));

it.each([
  ['its git processes go on', false],
  ['its git processes die with it', true],
])('loses no pushed commit to a worker killed anywhere, while %s', async (_, gitToo) => {
  const root = join(directory, 'data');
  for (let round = 0; round < 8; round += 1) {
    await killSomewhere(startWorker(root), gitToo ? root : null);
    const pushed = origin.branches().includes('sluice/1-feature-run1')
      ? origin.headOf('sluice/1-feature-run1')
      : origin.base;

    const workspaces = await openWorkspaces(root);
    const { at: _at, ...request } = anOpenRequest(origin);
    const worktree = await workspaces.open(request);

    expect(git(worktree.path, 'status', '--porcelain')).toBe('');
    expect(git(worktree.path, 'rev-list', '--count', `HEAD..${pushed}`)).toBe('0');
    // A push that outlived its worker may come in between; the retry of a step starts from there.
    const name = `round-${round}`;
    const first = await step(workspaces, name);
    const last = first.status === 'refused' ? await step(workspaces, name) : first;
    expect(last).toEqual({ status: 'pushed' });
    expect(await workspaces.findCommit(worktree, trailersOf(name))).toBe(
      origin.headOf(worktree.branch),
    );
  }
  await (await openWorkspaces(root)).sweep({ keep: new Set(), graceMs: 0 });
  expect(readdirSync(join(root, 'runs'))).toEqual([]);
  expect(readdirSync(join(root, 'trash'))).toEqual([]);
});

async function step(workspaces: Workspaces, name: string) {
  const { at: _, ...request } = anOpenRequest(origin);
  const worktree = await workspaces.open(request);
  write(worktree.path, { [`${name}.txt`]: 'x' });
  const message = { subject: 'after the kill', trailers: trailersOf(name) };
  const commit = await workspaces.commit(worktree, message);
  const { branch } = worktree;
  return await workspaces.push(worktree, aPushRequest({ branch, sha: commit!.sha }));
}

function startWorker(root: string): ChildProcess {
  return spawn(process.execPath, [WORKER, root, origin.repository.cloneUrl, origin.base], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function killSomewhere(worker: ChildProcess, dataOfGitsToKill: string | null) {
  await once(worker.stdout!, 'data');
  await sleep(Math.random() * 500);
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  await ended;
  if (dataOfGitsToKill === null) return;
  for (const pid of gitsIn(dataOfGitsToKill)) process.kill(pid, 'SIGKILL');
}

/** The git processes of this test's own worker, told by the directory they work in. */
function gitsIn(root: string): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(`--git-dir=${root}/`))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
