import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { unlessMissing } from '../../workspace/disk.ts';

export interface WorktreeFile {
  readonly path: string;
  readonly text: string;
  readonly bytes: number;
  readonly truncated: boolean;
}

/** True for a regular file inside the worktree, after following links. */
export async function isFileInside(root: string, path: string): Promise<boolean> {
  const place = await placeInside(root, path);
  return place !== null && (await unlessMissing(stat(place)))?.isFile() === true;
}

/** A regular file of the worktree, cut at `maxBytes`; null if there is none. */
export async function readInside(
  root: string,
  path: string,
  maxBytes: number,
): Promise<WorktreeFile | null> {
  const place = await placeInside(root, path);
  if (place === null) return null;
  // Opening a pipe left there by an agent would wait for ever.
  const file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return null;
    const buffer = Buffer.alloc(Math.min(stats.size, maxBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return { path, text, bytes: stats.size, truncated: stats.size > maxBytes };
  } finally {
    await file.close();
  }
}

/** Agents create links; one that leads out of the worktree is treated as leading nowhere. */
async function placeInside(root: string, path: string): Promise<string | null> {
  if (path === '' || path.includes('\0')) return null;
  const [base, place] = await Promise.all([
    realpath(root),
    unlessMissing(realpath(join(root, path))),
  ]);
  if (place === undefined) return null;
  return place === base || place.startsWith(base + sep) ? place : null;
}
