import { LRUCache } from 'lru-cache';
import type { Folder, PathAt } from '../forge/contents.ts';
import type { Octokit, RepositoryName } from './client.ts';
import { readFolder } from './contents.ts';

const MAX_CHARACTERS = 32_000_000;

/** A folder at a commit never changes, so it is read once: comments come often, and each file is a request. */
export class FolderCache {
  readonly #folders = new LRUCache<string, { readonly folder: Folder | null }>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ folder }) => sizeOf(folder),
  });

  async read(
    octokit: Octokit,
    { owner, repo }: RepositoryName,
    at: PathAt,
  ): Promise<Folder | null> {
    const key = `${owner}/${repo}@${at.commit}:${at.path}`;
    const known = this.#folders.get(key);
    if (known !== undefined) return known.folder;
    const folder = await readFolder(octokit, { owner, repo }, at);
    this.#folders.set(key, { folder });
    return folder;
  }
}

function sizeOf(folder: Folder | null): number {
  const files = folder?.files ?? [];
  return files.reduce((total, { path, text }) => total + path.length + text.length, 1_000);
}
