import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { GitError } from './git/git-error.ts';

const POLL_MS = 5;
const PATIENCE_MS = 30_000;
const SQLITE_BUSY = 5;

/**
 * Lets one process of this machine at a time decide which worktrees there are. Whoever makes or
 * removes one holds it for as long as a few files take. It is an operating system lock, which
 * SQLite takes the same way everywhere, and which ends with its process however that ends.
 */
export async function withTreeLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    await acquire(file, path);
    return await work();
  } finally {
    file.close();
  }
}

async function acquire(file: DatabaseSync, path: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!tryToAcquire(file)) {
    if (Date.now() > deadline) {
      throw new GitError('git-locked', 'another process does not let go of the worktrees', {
        fields: { lock: path },
      });
    }
    await sleep(POLL_MS);
  }
}

function tryToAcquire(file: DatabaseSync): boolean {
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
