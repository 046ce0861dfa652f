import type { Credential } from './git/credentials.ts';
import type { Git } from './git/git.ts';
import { checkedBranch, checkedSha } from './git/git-names.ts';
import { ensureMirror, fetchCommits, missingCommits, readRemoteHead } from './mirror.ts';
import type { Worktree } from './worktree.ts';

interface Remotely {
  readonly credential: Credential;
  readonly signal?: AbortSignal | undefined;
}

export interface BranchTip {
  readonly sha: string;
  readonly parents: readonly string[];
  /** Lines `Key: value` at the end of the message. */
  readonly trailers: readonly string[];
}

/** The commit a branch of the repository is on, fetched; null if there is no such branch. */
export async function readTip(
  git: Git,
  worktree: Worktree,
  request: Remotely & { readonly branch: string },
): Promise<BranchTip | null> {
  const { mirror, cloneUrl } = worktree;
  const { credential, signal } = request;
  const remote = { cloneUrl, credential };
  await ensureMirror(mirror);
  const branch = checkedBranch(request.branch);
  const sha = await readRemoteHead(git, mirror, { branch, remote, signal });
  if (sha === null) return null;
  const lost = await bringCommits(git, worktree, { commits: [sha], credential, signal });
  if (lost.length > 0) return null;
  const { stdout } = await git({
    args: ['log', '--max-count=1', '--format=%P%n%(trailers:only=true,unfold=true)', sha],
    gitDir: mirror,
    signal,
  });
  const [parents = '', ...trailers] = stdout.trim().split('\n');
  return { sha, parents: parents.split(' ').filter((parent) => parent !== ''), trailers };
}

/** Fetches commits that other workers pushed. Returns those the repository does not have. */
export async function bringCommits(
  git: Git,
  { mirror, cloneUrl }: Worktree,
  request: Remotely & { readonly commits: readonly string[] },
): Promise<string[]> {
  const { credential, signal } = request;
  const wanted = [...new Set(request.commits.map(checkedSha))];
  const commits = await missingCommits(git, mirror, wanted);
  if (commits.length === 0) return [];
  return fetchCommits(git, mirror, { commits, remote: { cloneUrl, credential }, signal });
}

/** Deletes a branch of ours, but only while it is on this commit. Calling it twice is no error. */
export async function removeBranch(
  git: Git,
  worktree: Worktree,
  request: Remotely & { readonly branch: string; readonly expected: string },
): Promise<void> {
  const { credential, signal } = request;
  const ref = `refs/heads/${checkedBranch(request.branch)}`;
  const { cloneUrl, gitDir } = worktree;
  await git({
    args: [
      'push',
      '--porcelain',
      '--no-verify',
      `--force-with-lease=${ref}:${checkedSha(request.expected)}`,
      '--',
      cloneUrl,
      `:${ref}`,
    ],
    gitDir,
    remote: { cloneUrl, credential },
    signal,
    accept: [1],
  });
}
