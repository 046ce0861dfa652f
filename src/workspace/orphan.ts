import { cleanPerson, type Person } from './commit-message.ts';
import type { Credential } from './git/credentials.ts';
import type { Git } from './git/git.ts';
import { checkedBranch } from './git/git-names.ts';
import { fetchCommits, readRemoteHead } from './mirror.ts';
import type { Worktree } from './worktree.ts';

export interface OrphanRequest {
  readonly branch: string;
  /** The commit the attempt started from. */
  readonly parent: string;
  readonly trailers: Readonly<Record<string, string>>;
  readonly credential: Credential;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The commit at the tip of the remote branch, if it is one that an attempt pushed and did not
 * report: the only child of the parent, by this committer, with these trailers. Anything else is
 * somebody's work, and gives `null`.
 */
export async function findOrphan(
  { git, identity }: { readonly git: Git; readonly identity: Person },
  worktree: Worktree,
  request: OrphanRequest,
): Promise<string | null> {
  const { parent, trailers, credential, signal } = request;
  const remote = { cloneUrl: worktree.cloneUrl, credential };
  const branch = checkedBranch(request.branch);
  const tip = await readRemoteHead(git, worktree.mirror, { branch, remote, signal });
  if (tip === null || tip === parent) return null;
  const missing = await fetchCommits(git, worktree.mirror, { commits: [tip], remote, signal });
  if (missing.length > 0) return null;
  const { stdout } = await git({
    args: ['log', '--max-count=1', '--format=%P%n%ce%n%(trailers:only=true,unfold=true)', tip],
    gitDir: worktree.mirror,
    signal,
  });
  const [parents = '', committer, ...found] = stdout.trim().split('\n');
  const isOurs = Object.entries(trailers).every(([key, value]) =>
    found.includes(`${key}: ${value}`),
  );
  return parents === parent && committer === cleanPerson(identity).email && isOurs ? tip : null;
}
