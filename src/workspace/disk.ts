import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Makes a file hold exactly this text. A kill leaves the old file or the new one, never half of one. */
export async function ensureFile(path: string, text: string): Promise<void> {
  if ((await readTextIfFile(path)) === text) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${randomUUID()}`;
  await writeFile(fresh, text, { mode: 0o600 });
  // A directory in the way would make the rename fail.
  if (await isDirectory(path)) await removeTree(path);
  await rename(fresh, path);
}

/** The text of a regular file; `undefined` for anything else, links included. */
export async function readTextIfFile(path: string): Promise<string | undefined> {
  const stats = await statIfThere(path);
  if (stats?.isFile() !== true) return undefined;
  return await unlessMissing(readFile(path, 'utf8'));
}

/** True for a directory itself, not for a link to one. */
export async function isDirectory(path: string): Promise<boolean> {
  return (await statIfThere(path))?.isDirectory() === true;
}

export async function exists(path: string): Promise<boolean> {
  return (await statIfThere(path)) !== undefined;
}

export async function listDirectory(path: string): Promise<string[]> {
  return (await unlessMissing(readdir(path))) ?? [];
}

/** Moves a directory out of the way in one step; whoever still works inside it does no harm. */
export async function discard(path: string, trash: string): Promise<void> {
  for (const grave of await bury([path], trash)) await removeTree(grave);
}

/** The quick half of `discard`: returns where those directories that existed are now. */
export async function bury(paths: readonly string[], trash: string): Promise<string[]> {
  await mkdir(trash, { recursive: true, mode: 0o700 });
  const graves: string[] = [];
  for (const path of paths) {
    const grave = join(trash, randomUUID());
    const moved = await unlessMissing(rename(path, grave).then(() => true));
    if (moved === true) graves.push(grave);
  }
  return graves;
}

/** Removes everything below, including unreadable directories. Links are removed, not followed. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'ENOTEMPTY')) throw error;
    await unlock(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function unlock(directory: string): Promise<void> {
  if (!(await isDirectory(directory))) return;
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlock(join(directory, entry.name));
  }
}

function statIfThere(path: string) {
  return unlessMissing(lstat(path));
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
