import { join } from 'node:path';
import type { Credential } from './git/credentials.ts';
import type { Git } from './git/git.ts';
import { GitError, isGitError } from './git/git-error.ts';
import { checkedBranch, checkedRunId, checkedSha } from './git/git-names.ts';
import type { KeyedLock } from './keyed-lock.ts';
import { type Layout, mirrorPath, treePath, worktreeName } from './layout.ts';
import {
  ensureMirror,
  fetchCommits,
  missingCommits,
  readRemoteHead,
  rebuildMirror,
  type WantedCommits,
} from './mirror.ts';
import { checkedAddress, type RepositoryAddress, type TransportPolicy } from './remote.ts';
import {
  type Ignored,
  readHeadIfAny,
  standOn,
  type Worktree,
  type WorktreePlace,
} from './worktree.ts';

export interface OpenRequest {
  readonly repository: RepositoryAddress;
  readonly runId: string;
  /** The branch the run pushes to. */
  readonly branch: string;
  readonly baseSha: string;
  /** The commit to be on. Without it, the tip of the pushed branch, else `baseSha`; that needs the network. */
  readonly at?: string;
  /** The run's pull request, through which a fork's commit is found. */
  readonly pullRequest?: number;
  readonly ignored?: Ignored;
  readonly credential: Credential;
  readonly signal?: AbortSignal | undefined;
}

export interface OpenDeps {
  readonly git: Git;
  readonly layout: Layout;
  readonly policy: TransportPolicy;
  readonly locked: KeyedLock;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
}

interface Opening {
  readonly place: WorktreePlace;
  readonly at: string;
  readonly ignored: Ignored;
  readonly wanted: WantedCommits;
}

/** Makes the run's worktree exist on this machine, on the wanted commit and without changes. */
export async function openWorktree(deps: OpenDeps, request: OpenRequest): Promise<Worktree> {
  return await reach(deps, request, openOnce);
}

/**
 * Makes the wanted commit exist on this machine and touches no worktree, in which somebody may be
 * writing. The result is good for reading objects and for making worktrees of members.
 */
export async function locateCommit(deps: OpenDeps, request: OpenRequest): Promise<Worktree> {
  return await reach(deps, request, locateOnce);
}

async function reach(
  deps: OpenDeps,
  request: OpenRequest,
  once: (deps: OpenDeps, opening: Opening) => Promise<Worktree>,
): Promise<Worktree> {
  const place = placeFor(deps, request);
  return await deps.locked(place.gitDir, async () => {
    await ensureMirror(place.mirror);
    const opening = await openingFor(deps, place, request);
    try {
      return await once(deps, opening);
    } catch (error) {
      if (!(error instanceof GitError) || !isDamage(error)) throw error;
      deps.log.warn({ mirror: place.mirror, code: error.code }, 'mirror is damaged, rebuilding it');
    }
    await deps.locked(place.mirror, () =>
      rebuildMirror(deps.git, place.mirror, opening.wanted, deps.layout.trash),
    );
    return await once(deps, opening);
  });
}

function placeFor({ layout, policy }: OpenDeps, request: OpenRequest): WorktreePlace {
  const address = checkedAddress(request.repository, policy);
  const runId = checkedRunId(request.runId);
  const mirror = mirrorPath(layout, address);
  return {
    runId,
    mirror,
    path: treePath(layout, runId),
    gitDir: join(mirror, 'worktrees', worktreeName(runId)),
    cloneUrl: address.cloneUrl,
    branch: checkedBranch(request.branch),
  };
}

async function openingFor(
  deps: OpenDeps,
  place: WorktreePlace,
  request: OpenRequest,
): Promise<Opening> {
  const { credential, pullRequest, signal } = request;
  const remote = { cloneUrl: place.cloneUrl, credential };
  const base = checkedSha(request.baseSha);
  const { branch, mirror } = place;
  const at =
    request.at === undefined
      ? ((await readRemoteHead(deps.git, mirror, { branch, remote, signal })) ?? base)
      : checkedSha(request.at);
  const commits = [...new Set([at, base])];
  const wanted = { commits, pullRequest, remote, signal };
  return { place, at, ignored: request.ignored ?? 'keep', wanted };
}

async function openOnce(deps: OpenDeps, opening: Opening): Promise<Worktree> {
  const { place, at, ignored, wanted } = opening;
  // A worktree that is already there was opened with all it needs.
  if ((await readHeadIfAny(place.gitDir)) !== at) {
    const absent = await bring(deps, place.mirror, wanted);
    if (absent.length > 0) throw new CommitNotFoundError(absent);
  }
  const { git, layout } = deps;
  return await standOn({ git, layout, signal: wanted.signal }, place, at, ignored);
}

async function locateOnce(deps: OpenDeps, { place, at, wanted }: Opening): Promise<Worktree> {
  const absent = await bring(deps, place.mirror, wanted);
  if (absent.length > 0) throw new CommitNotFoundError(absent);
  return { ...place, gitDir: place.mirror, head: at, opening: '' };
}

/** Fetches what is missing, once for everybody who waits for it. Returns what the repository does not have. */
async function bring(deps: OpenDeps, mirror: string, wanted: WantedCommits): Promise<string[]> {
  const missing = await missingCommits(deps.git, mirror, wanted.commits);
  if (missing.length === 0) return [];
  return await deps.locked(mirror, async () => {
    const commits = await missingCommits(deps.git, mirror, missing);
    if (commits.length === 0) return [];
    return await fetchCommits(deps.git, mirror, { ...wanted, commits });
  });
}

/** The repository was asked and has no such commit: nothing of ours is damaged. */
class CommitNotFoundError extends GitError {
  constructor(commits: readonly string[]) {
    super('git-unknown-commit', `the repository has no commit ${commits.join(', ')}`, {
      fields: { commits },
    });
  }
}

function isDamage(error: GitError): boolean {
  if (error instanceof CommitNotFoundError) return false;
  return isGitError(error, 'git-corrupt', 'git-unknown-commit');
}
