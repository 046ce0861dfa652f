import { randomUUID } from 'node:crypto';
import { stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFile, readTextIfFile, unlessMissing } from './disk.ts';

const FILE = 'sluice-opening';

/** Records in a worktree's git directory that it is being opened now. Names the opening. */
export async function noteOpening(gitDir: string): Promise<string> {
  const opening = randomUUID();
  await ensureFile(join(gitDir, FILE), opening);
  return opening;
}

/** Refreshes the opening; false if another one came after it. */
export async function renewOpening(gitDir: string, opening: string): Promise<boolean> {
  const path = join(gitDir, FILE);
  if ((await readTextIfFile(path)) !== opening) return false;
  const now = new Date();
  await utimes(path, now, now);
  return true;
}

/** When this directory of a run was last opened, in milliseconds. If gone by now, it counts as new. */
export async function openedAt(directory: string): Promise<number> {
  const found =
    (await unlessMissing(stat(join(directory, FILE)))) ?? (await unlessMissing(stat(directory)));
  return found === undefined ? Date.now() : Math.round(found.mtimeMs);
}
