import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bury, discard, isDirectory, listDirectory, removeTree, unlessMissing } from './disk.ts';
import type { Git } from './git/git.ts';
import type { Layout } from './layout.ts';
import { openedAt } from './opening.ts';
import { clearStaleLocks } from './stale-locks.ts';
import { withTreeLock } from './tree-lock.ts';

const HOUR_MS = 3_600_000;

/**
 * Removes one run's worktrees, its members' included, from disk and from every mirror, unless one
 * of them was opened at `openedBefore` or later. Returns whether there was anything to remove.
 */
export async function removeRun(
  layout: Layout,
  runId: string,
  openedBefore: number,
): Promise<boolean> {
  // Whoever opens the run at this moment, maybe in another process, comes before or after all of this.
  const graves = await withTreeLock(layout.lock, async () => {
    const places = await placesOf(layout, runId);
    for (const place of places) if ((await openedAt(place)) >= openedBefore) return [];
    return await bury(places, layout.trash);
  });
  for (const grave of graves) await removeTree(grave);
  return graves.length > 0;
}

/** The runs that have anything on this disk. */
export async function listRunTrees(layout: Layout): Promise<string[]> {
  return [...new Set((await listPlaces(layout)).map(runOf))];
}

/** Every mirror on this disk, whatever its repository. */
export async function listMirrors(layout: Layout): Promise<string[]> {
  const mirrors: string[] = [];
  for (const host of await listDirectory(layout.mirrors)) {
    for (const owner of await listDirectory(join(layout.mirrors, host))) {
      const folder = join(layout.mirrors, host, owner);
      const names = (await listDirectory(folder)).filter((name) => name.endsWith('.git'));
      mirrors.push(...names.map((name) => join(folder, name)));
    }
  }
  return mirrors;
}

/** Clears away what a kill left half done: emptied worktrees, unfinished mirrors. */
export async function removeLeftovers(layout: Layout): Promise<void> {
  for (const name of await listDirectory(layout.trash)) await removeTree(join(layout.trash, name));
  for (const host of await listDirectory(layout.mirrors)) {
    for (const owner of await listDirectory(join(layout.mirrors, host))) {
      const folder = join(layout.mirrors, host, owner);
      for (const name of await listDirectory(folder)) {
        const path = join(folder, name);
        if (name.endsWith('.tmp') && (await modifiedAt(path)) < Date.now() - HOUR_MS)
          await discard(path, layout.trash);
      }
    }
  }
}

/** Removes stale locks and superseded refs from a mirror, and packs it when it has many files. */
export async function tidyMirror(git: Git, mirror: string, signal?: AbortSignal): Promise<void> {
  if (!(await isDirectory(join(mirror, 'objects')))) return;
  await clearStaleLocks(mirror, { signal });
  await dropSupersededTips(git, mirror, signal);
  await git({
    args: ['gc', '--auto', '--quiet'],
    gitDir: mirror,
    config: [
      ['gc.auto', '6700'],
      ['gc.autoPackLimit', '50'],
      ['gc.autoDetach', 'false'],
    ],
    timeoutMs: HOUR_MS / 4,
    signal,
  });
}

/** Each fetched commit has its own ref; those reachable from a newer one are not needed. */
async function dropSupersededTips(git: Git, mirror: string, signal?: AbortSignal): Promise<void> {
  const listed = await git({
    args: ['for-each-ref', '--format=%(objectname)', 'refs/sluice/tips'],
    gitDir: mirror,
    signal,
  });
  const tips = listed.stdout.split('\n').filter((sha) => sha !== '');
  if (tips.length < 2) return;
  const independent = await git({
    args: ['merge-base', '--independent', ...tips.slice(0, 1_000)],
    gitDir: mirror,
    signal,
  });
  const kept = new Set(independent.stdout.split('\n'));
  const dropped = tips.slice(0, 1_000).filter((sha) => !kept.has(sha));
  if (dropped.length === 0) return;
  await git({
    args: ['update-ref', '--stdin'],
    gitDir: mirror,
    input: dropped.map((sha) => `delete refs/sluice/tips/${sha}\n`).join(''),
    signal,
  });
}

async function placesOf(layout: Layout, runId: string): Promise<string[]> {
  return (await listPlaces(layout)).filter((place) => runOf(place) === runId);
}

/** Every directory that belongs to some run: its files, and the records of its worktrees in the mirrors. */
async function listPlaces(layout: Layout): Promise<string[]> {
  const places = (await listDirectory(layout.runs)).map((name) => join(layout.runs, name));
  for (const mirror of await listMirrors(layout)) {
    const records = join(mirror, 'worktrees');
    places.push(...(await listDirectory(records)).map((name) => join(records, name)));
  }
  return places;
}

function runOf(place: string): string {
  const name = basename(place);
  return name.split('.')[0] ?? name;
}

async function modifiedAt(path: string): Promise<number> {
  const found = await unlessMissing(stat(path));
  return found === undefined ? Date.now() : Math.floor(found.mtimeMs);
}
