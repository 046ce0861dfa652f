import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listDirectory, unlessMissing } from './disk.ts';
import { GitError } from './git/git-error.ts';

/** Git holds a lock for milliseconds, except an index's, whose owner is in the process table. */
const STALE_AFTER_MS = 2_000;
const POLL_MS = 100;

/**
 * Removes the `*.lock` files a killed git left in a git directory. Waits for a git that is still
 * alive: one that outlived its killed parent may be about to finish.
 */
export async function clearStaleLocks(
  gitDir: string,
  options: { patienceMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const deadline = Date.now() + (options.patienceMs ?? 30_000);
  for (;;) {
    const held = await heldLocks(gitDir);
    if (held.length === 0) return;
    if (Date.now() > deadline) {
      throw new GitError('git-locked', 'another git process does not let go of this directory', {
        fields: { gitDir, locks: held },
      });
    }
    if (options.signal?.aborted) throw new GitError('git-aborted', 'stopped waiting for a lock');
    await sleep(POLL_MS);
  }
}

/** Removes what is stale and returns what is not. */
async function heldLocks(gitDir: string): Promise<string[]> {
  const locks = await findLocks(gitDir);
  if (locks.length === 0) return [];
  const owned = await isInUse(gitDir);
  const held: string[] = [];
  for (const lock of locks) {
    if (owned === true || (owned === 'unknown' && (await ageOf(lock)) < STALE_AFTER_MS)) {
      held.push(lock);
    } else {
      await rm(lock, { force: true });
    }
  }
  return held;
}

/** The locks of this git directory itself, not those of the worktrees registered in it. */
async function findLocks(gitDir: string): Promise<string[]> {
  const top = await listDirectory(gitDir);
  const refs = (await unlessMissing(readdir(join(gitDir, 'refs'), { recursive: true }))) ?? [];
  const all = [...top, ...refs.map((name) => join('refs', name))];
  return all.filter((name) => name.endsWith('.lock')).map((name) => join(gitDir, name));
}

/** Our calls give their git directory in full, so a living owner can be found by its command line. */
async function isInUse(gitDir: string): Promise<boolean | 'unknown'> {
  const pids = (await listDirectory('/proc')).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return 'unknown';
  const argument = `--git-dir=${gitDir}\0`;
  for (const pid of pids) {
    if ((await commandLine(pid)).includes(argument)) return true;
  }
  return false;
}

async function commandLine(pid: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // It has ended, or we may not look at it.
  }
}

async function ageOf(path: string): Promise<number> {
  const stats = await unlessMissing(stat(path));
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs;
}
