import type { FileAnswer, Folder, PathAt, SkipReason, TextFile } from '../forge/contents.ts';
import type { Octokit, RepositoryName } from './client.ts';
import { orNull } from './github-error.ts';

export interface FolderLimits {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
}

export const DEFAULT_FOLDER_LIMITS: FolderLimits = {
  maxFiles: 200,
  maxFileBytes: 256 * 1024,
  maxTotalBytes: 4 * 1024 * 1024,
};

/** Every text file below a folder at one commit, in path order; null if there is no such folder. */
export async function readFolder(
  octokit: Octokit,
  repository: RepositoryName,
  at: PathAt,
  limits: FolderLimits = DEFAULT_FOLDER_LIMITS,
): Promise<Folder | null> {
  const segments = at.path.split('/').filter((segment) => segment !== '');
  const tree = await findTree(octokit, repository, at.commit, segments);
  if (tree === null) return null;
  const { entries, truncated } = await readTree(octokit, repository, tree, true);
  const { wanted, skipped } = select(entries, segments.join('/'), limits);
  // GitHub truncated its list: what is missing has no name we know.
  if (truncated) skipped.push({ path: at.path, reason: 'too-many' });
  const files: TextFile[] = [];
  for (const { path, sha } of wanted) {
    const text = await readBlob(octokit, repository, sha);
    if (text === null) skipped.push({ path, reason: 'not-text' });
    else files.push({ path, text });
  }
  return { files, skipped };
}

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
}

/** Walks down from the commit's own tree, so that nothing but this commit is ever read. */
async function findTree(
  octokit: Octokit,
  repository: RepositoryName,
  commit: string,
  segments: readonly string[],
): Promise<string | null> {
  let tree = commit;
  for (const segment of segments) {
    const { entries } = await readTree(octokit, repository, tree, false);
    const next = entries.find((entry) => entry.path === segment && entry.type === 'tree');
    if (next === undefined) return null;
    tree = next.sha;
  }
  return tree;
}

async function readTree(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  sha: string,
  recursive: boolean,
): Promise<{ entries: Entry[]; truncated: boolean }> {
  const { data } = await octokit.rest.git.getTree({
    owner,
    repo,
    tree_sha: sha,
    ...(recursive && { recursive: 'true' }),
  });
  const entries = data.tree.map((entry) => ({
    path: entry.path ?? '',
    mode: entry.mode ?? '',
    type: entry.type ?? '',
    sha: entry.sha ?? '',
    size: entry.size ?? 0,
  }));
  return { entries, truncated: data.truncated };
}

function select(entries: readonly Entry[], folder: string, limits: FolderLimits) {
  const wanted: { path: string; sha: string }[] = [];
  const skipped: { path: string; reason: SkipReason }[] = [];
  let total = 0;
  for (const entry of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    if (entry.type === 'tree') continue;
    const path = folder === '' ? entry.path : `${folder}/${entry.path}`;
    const reason = refusal(entry, wanted.length, total, limits);
    if (reason === null) {
      wanted.push({ path, sha: entry.sha });
      total += entry.size;
    } else {
      skipped.push({ path, reason });
    }
  }
  return { wanted, skipped };
}

/** Symbolic links and submodules point elsewhere; only regular files count. */
function refusal(
  entry: Entry,
  count: number,
  total: number,
  limits: FolderLimits,
): SkipReason | null {
  if (entry.mode !== '100644' && entry.mode !== '100755') return 'not-a-file';
  if (count >= limits.maxFiles) return 'too-many';
  if (entry.size > limits.maxFileBytes) return 'too-large';
  return total + entry.size > limits.maxTotalBytes ? 'too-large' : null;
}

async function readBlob(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  sha: string,
): Promise<string | null> {
  const { data } = await octokit.rest.git.getBlob({ owner, repo, file_sha: sha });
  return textOf(Buffer.from(data.content, 'base64'));
}

/** One file at one commit; null if there is none. */
export async function readFile(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  at: PathAt,
  maxBytes: number = DEFAULT_FOLDER_LIMITS.maxFileBytes,
): Promise<FileAnswer | null> {
  const answer = await orNull(
    octokit.rest.repos.getContent({ owner, repo, path: at.path, ref: at.commit }),
  );
  if (answer === null) return null;
  const { data } = answer;
  if (Array.isArray(data) || data.type !== 'file' || !('content' in data)) {
    return { type: 'not-a-file' };
  }
  // Above 1 MB, GitHub sends the size and no content.
  if (data.size > maxBytes || data.encoding !== 'base64') return { type: 'too-large' };
  const text = textOf(Buffer.from(data.content, 'base64'));
  return text === null ? { type: 'not-text' } : { type: 'text', text };
}

function textOf(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    // Not UTF-8, so not text that anybody wrote as configuration or prompt.
    return null;
  }
}
