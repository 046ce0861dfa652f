import { spawn } from 'node:child_process';
import { chmodSync, existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from '#src/workspace/disk.ts';
import { clearStaleLocks } from '#src/workspace/stale-locks.ts';
import {
  aDirectory,
  anOpenRequest,
  anOrigin,
  openWorkspaces,
  removeDirectory,
  write,
} from './fixtures.ts';

let directory: string;
const children: ReturnType<typeof spawn>[] = [];

beforeEach(() => {
  directory = aDirectory();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  removeDirectory(directory);
});

/** A process that works in the git directory, as its command line says. */
function aLivingGit(gitDir: string) {
  const child = spawn('sh', ['-c', 'read wait', 'git', `--git-dir=${gitDir}`, 'add']);
  children.push(child);
  return new Promise<void>((resolve) => child.once('spawn', resolve));
}

describe('locks of git', () => {
  it('are removed when nobody is left to hold them', async () => {
    write(directory, { 'index.lock': '', 'refs/heads/x.lock': '', 'refs/heads/x': '' });

    await clearStaleLocks(directory);

    expect(existsSync(join(directory, 'index.lock'))).toBe(false);
    expect(existsSync(join(directory, 'refs/heads/x.lock'))).toBe(false);
    expect(existsSync(join(directory, 'refs/heads/x'))).toBe(true);
  });

  it('stay while their owner lives, and waiting ends with an error that says so', async () => {
    write(directory, { 'index.lock': '' });
    await aLivingGit(directory);

    const waiting = clearStaleLocks(directory, { patienceMs: 150 });

    await expect(waiting).rejects.toMatchObject({ code: 'git-locked', transient: true });
    expect(existsSync(join(directory, 'index.lock'))).toBe(true);
  });

  it('are removed once their owner has died', async () => {
    write(directory, { 'index.lock': '' });
    await aLivingGit(directory);
    setTimeout(() => children[0]?.kill('SIGKILL'), 150);

    await clearStaleLocks(directory);

    expect(existsSync(join(directory, 'index.lock'))).toBe(false);
  });

  it('are not waited for any longer than wanted', async () => {
    write(directory, { 'index.lock': '' });
    await aLivingGit(directory);

    const waiting = clearStaleLocks(directory, { signal: AbortSignal.timeout(150) });

    await expect(waiting).rejects.toMatchObject({ code: 'git-aborted' });
  });

  it('in the mirror do not keep a fetch from succeeding', async () => {
    const origin = anOrigin(directory);
    const workspaces = await openWorkspaces(join(directory, 'data'));
    const { mirror } = await workspaces.open(anOpenRequest(origin));
    const newer = origin.commit({ 'new.txt': 'x' });
    write(mirror, { [`refs/sluice/tips/${newer}.lock`]: '', 'packed-refs.lock': '' });

    const { head } = await workspaces.open({ ...anOpenRequest(origin), at: newer });

    expect(head).toBe(newer);
  });
});

describe('leftovers of a kill', () => {
  it('are swept: emptied worktrees at once, unfinished mirrors when they are old', async () => {
    const workspaces = await openWorkspaces(join(directory, 'data'));
    const mirrors = join(directory, 'data/mirrors/github.com/acme');
    write(join(directory, 'data/trash'), { 'x/file': 'x' });
    write(mirrors, { 'demo.git.1.tmp/HEAD': 'x', 'demo.git.2.tmp/HEAD': 'x' });
    utimesSync(join(mirrors, 'demo.git.1.tmp'), 0, 0);

    await workspaces.sweep({ keep: new Set() });

    expect(existsSync(join(directory, 'data/trash/x'))).toBe(false);
    expect(existsSync(join(mirrors, 'demo.git.1.tmp'))).toBe(false);
    expect(existsSync(join(mirrors, 'demo.git.2.tmp'))).toBe(true);
  });

  // The superuser may remove anything, so nothing would be shown there.
  it.skipIf(process.getuid?.() === 0)('are removed even where a step forbade it', async () => {
    write(directory, { 'tree/locked/deep/file': 'x' });
    chmodSync(join(directory, 'tree/locked/deep'), 0);
    chmodSync(join(directory, 'tree/locked'), 0);

    await removeTree(join(directory, 'tree'));

    expect(existsSync(join(directory, 'tree'))).toBe(false);
  });
});
