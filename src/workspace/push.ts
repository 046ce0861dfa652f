import { wildcardFits } from '../wildcards.ts';
import type { Credential } from './git/credentials.ts';
import type { Git, Remote } from './git/git.ts';
import { codeFor, GitError } from './git/git-error.ts';
import { checkedBranch, checkedSha } from './git/git-names.ts';
import { serverWords, withoutHints } from './git/git-words.ts';
import { ensureMirror, missingCommits, readRemoteHead } from './mirror.ts';
import type { Worktree } from './worktree.ts';

export interface PushRequest {
  readonly branch: string;
  readonly sha: string;
  readonly credential: Credential;
  /** Never pushed, and required so that no caller forgets it. */
  readonly defaultBranch: string;
  /** Never pushed either: names, or patterns in which `*` stands for any text. */
  readonly protectedBranches: readonly string[];
  /**
   * Rewrites the branch, but only if it is still at this commit (`null`: does not exist). Without
   * it only an advance is accepted.
   */
  readonly expectedRemote?: string | null;
  readonly signal?: AbortSignal | undefined;
}

type PushRefusal =
  | 'protected-branch'
  /** The branch has somebody else's commits. */
  | 'non-fast-forward'
  /** GitHub does not let apps touch `.github/workflows` without the permission for it. */
  | 'workflow-files'
  | 'remote-rejected';

export type PushResult =
  | { readonly status: 'pushed' | 'already-there' }
  | { readonly status: 'refused'; readonly reason: PushRefusal; readonly detail: string };

/** Makes the remote branch point at the commit. Pushing the same commit twice is no error. */
export async function pushBranch(
  git: Git,
  worktree: Worktree,
  request: PushRequest,
): Promise<PushResult> {
  const branch = checkedBranch(request.branch);
  checkedSha(request.sha);
  if (isProtected(branch, [request.defaultBranch, ...request.protectedBranches])) {
    return refused('protected-branch', 'this server never pushes to it');
  }
  await ensureMirror(worktree.mirror);
  const remote = { cloneUrl: worktree.cloneUrl, credential: request.credential };
  const line = await runPush(git, worktree, request, remote);
  if (line.flag === '=') return { status: 'already-there' };
  if (line.flag !== '!') return { status: 'pushed' };
  const refusal = refusalFor(line.summary, line.words);
  const mayBeThere = refusal.reason === 'non-fast-forward' || refusal.reason === 'remote-rejected';
  if (mayBeThere && (await holds(git, worktree, request, remote))) {
    return { status: 'already-there' };
  }
  return refusal;
}

/** Compared ignoring case: better one branch too many. */
export function isProtected(branch: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const name = pattern.replace(/^refs\/heads\//, '');
    return wildcardFits(name.toUpperCase(), branch.toUpperCase());
  });
}

async function runPush(git: Git, worktree: Worktree, request: PushRequest, remote: Remote) {
  const ref = `refs/heads/${request.branch}`;
  const { expectedRemote } = request;
  const lease =
    expectedRemote === undefined ? [] : [`--force-with-lease=${ref}:${expectedRemote ?? ''}`];
  const { stdout, stderr } = await git({
    args: [
      'push',
      '--porcelain',
      '--no-verify',
      '--no-follow-tags',
      '--no-signed',
      '--recurse-submodules=no',
      ...lease,
      '--',
      remote.cloneUrl,
      `${request.sha}:${ref}`,
    ],
    gitDir: worktree.gitDir,
    remote,
    signal: request.signal,
    accept: [1],
  });
  const words = stderr.trim();
  const [, flag, summary = ''] = /^([ +*=!-])\t\S+\t(.*)$/m.exec(stdout) ?? [];
  if (flag === undefined || isCutOff(summary)) throw noVerdict(words);
  return { flag, summary, words };
}

/** The connection broke before the server said how it went: git's own guess is no verdict. */
function isCutOff(summary: string): boolean {
  return /remote failed to report status|remote unpack failed|expecting report/.test(summary);
}

function noVerdict(words: string): GitError {
  const code = codeFor(words);
  return new GitError(
    code === 'git-failed' ? 'git-network' : code,
    `git push failed: ${withoutHints(words)}`,
    {
      fields: { verb: 'push' },
    },
  );
}

const REFUSALS: readonly (readonly [RegExp, PushRefusal])[] = [
  [/non-fast-forward|fetch first|stale info/, 'non-fast-forward'],
  [/without `workflows?` permission/, 'workflow-files'],
  [/protected branch|GH006|GH013/, 'protected-branch'],
];

/** Reads the reason from the line git prints for the ref; other words of the server are only passed on. */
export function refusalFor(summary: string, words: string): PushResult & { status: 'refused' } {
  const reason = REFUSALS.find(([sign]) => sign.test(summary))?.[1] ?? 'remote-rejected';
  // Git's own words for this one are advice for somebody at a terminal.
  return refused(reason, reason === 'non-fast-forward' ? '' : serverWords(summary, words));
}

function refused(reason: PushRefusal, detail: string): PushResult & { status: 'refused' } {
  return { status: 'refused', reason, detail };
}

/** Whether the remote branch already contains the commit: this push arrived before its answer was lost, or a later step of ours did. */
async function holds(
  git: Git,
  { mirror }: Worktree,
  { branch, sha, signal }: PushRequest,
  remote: Remote,
): Promise<boolean> {
  const head = await readRemoteHead(git, mirror, { branch, remote, signal });
  if (head === null || (await missingCommits(git, mirror, [head])).length > 0) return false;
  const { exitCode } = await git({
    args: ['merge-base', '--is-ancestor', sha, head],
    gitDir: mirror,
    signal,
    accept: [1],
  });
  return exitCode === 0;
}
