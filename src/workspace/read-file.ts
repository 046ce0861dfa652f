import type { Git } from './git/git.ts';
import { checkedSha } from './git/git-names.ts';

export interface FileAtCommit {
  readonly text: string;
  readonly bytes: number;
  readonly truncated: boolean;
}

/** A file as it was at a commit, cut at `maxBytes`. `null` if there is no such file. */
export async function readFileAt(
  git: Git,
  request: {
    mirror: string;
    sha: string;
    path: string;
    maxBytes: number;
    signal?: AbortSignal | undefined;
  },
): Promise<FileAtCommit | null> {
  const { mirror, path, maxBytes } = request;
  if (path === '' || /[\n\0]|(^|\/)\.{1,2}(\/|$)/.test(path)) return null;
  const { stdout } = await git({
    args: ['cat-file', '--batch'],
    gitDir: mirror,
    input: `${checkedSha(request.sha)}:${path}\n`,
    maxOutputBytes: maxBytes + 100,
    mayTruncate: true,
    signal: request.signal,
  });
  const header = /^[0-9a-f]+ blob (\d+)\n/.exec(stdout);
  if (header === null) return null;
  const bytes = Number(header[1]);
  const content = Buffer.from(stdout.slice(header[0].length));
  return {
    text: content.subarray(0, Math.min(bytes, maxBytes)).toString('utf8'),
    bytes,
    truncated: bytes > maxBytes,
  };
}
