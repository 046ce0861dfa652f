import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../errors.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Makes this process the only user of the embedded database. SQLite holds an operating system lock
 * on one small file, which ends with the process however it ends: nothing to clean up after a `kill
 * -9`, and no process id that a container might reuse.
 */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    file.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch (cause) {
    file.close();
    throw new AppError(
      'database-in-use',
      `Another process uses the embedded database in ${directory}. Stop it first, or give both a DATABASE_URL: only PostgreSQL serves several processes.`,
      { cause, fields: { directory } },
    );
  }
  return { release: () => file.close() };
}
