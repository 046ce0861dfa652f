import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { discard, ensureFile, readTextIfFile, unlessMissing } from './disk.ts';
import type { Git, Remote } from './git/git.ts';
import { isGitError } from './git/git-error.ts';
import { clearStaleLocks } from './stale-locks.ts';

export interface WantedCommits {
  readonly commits: readonly string[];
  /** Where else to look if the server does not serve a commit by id: `refs/pull/<n>/head`. */
  readonly pullRequest?: number | undefined;
  readonly remote: Remote;
  readonly signal?: AbortSignal | undefined;
}

const CONFIG = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';

/** Makes the bare repository exist with exactly our settings. Cheap if it does; repairs a half-made one. */
export async function ensureMirror(mirror: string): Promise<void> {
  await ensureFile(join(mirror, 'config'), CONFIG);
  await rm(join(mirror, 'objects/info/alternates'), { force: true });
  await mkdir(join(mirror, 'objects/pack'), { recursive: true });
  await mkdir(join(mirror, 'refs/heads'), { recursive: true });
  const head = await readTextIfFile(join(mirror, 'HEAD'));
  if (head === undefined || !head.startsWith('ref: refs/heads/')) {
    await ensureFile(join(mirror, 'HEAD'), 'ref: refs/heads/main\n');
  }
}

/** Which of these commits are not in the mirror. */
export async function missingCommits(
  git: Git,
  mirror: string,
  commits: readonly string[],
): Promise<string[]> {
  const { stdout } = await git({
    args: ['cat-file', '--batch-check=%(objecttype)'],
    gitDir: mirror,
    input: commits.map((sha) => `${sha}\n`).join(''),
  });
  const types = stdout.split('\n');
  return commits.filter((_, number) => types[number] !== 'commit');
}

/** The commit the remote branch points at, or `null` if there is no such branch. */
export async function readRemoteHead(
  git: Git,
  mirror: string,
  request: { branch: string; remote: Remote; signal?: AbortSignal | undefined },
): Promise<string | null> {
  const { remote, signal } = request;
  const ref = `refs/heads/${request.branch}`;
  const { stdout } = await git({
    args: ['ls-remote', '--quiet', '--', remote.cloneUrl, ref],
    gitDir: mirror,
    remote,
    signal,
  });
  const line = stdout.split('\n').find((candidate) => candidate.endsWith(`\t${ref}`));
  return line?.split('\t')[0] ?? null;
}

/** Brings the commits and their history into the mirror. Returns those the repository does not have. */
export async function fetchCommits(
  git: Git,
  mirror: string,
  wanted: WantedCommits,
): Promise<string[]> {
  try {
    await fetchRefspecs(git, mirror, wanted, wanted.commits.map(tipRefspec));
  } catch (error) {
    // Not every server serves a commit by its id alone.
    if (!isGitError(error, 'git-unknown-commit')) throw error;
    await fetchEverything(git, mirror, wanted);
  }
  return await missingCommits(git, mirror, wanted.commits);
}

/** Replaces a damaged mirror with a fresh one; the registered worktrees stay registered. */
export async function rebuildMirror(
  git: Git,
  mirror: string,
  wanted: WantedCommits,
  trash: string,
): Promise<void> {
  const fresh = `${mirror}.${randomUUID()}.tmp`;
  await ensureMirror(fresh);
  await fetchEverything(git, fresh, wanted);
  const absent = await missingCommits(git, fresh, wanted.commits);
  if (absent.length > 0) await fetchCommits(git, fresh, { ...wanted, commits: absent });
  await unlessMissing(rename(join(mirror, 'worktrees'), join(fresh, 'worktrees')));
  await discard(mirror, trash);
  await rename(fresh, mirror);
}

function tipRefspec(sha: string): string {
  return `+${sha}:refs/sluice/tips/${sha}`;
}

async function fetchEverything(git: Git, mirror: string, wanted: WantedCommits): Promise<void> {
  const { pullRequest } = wanted;
  const heads = '+refs/heads/*:refs/sluice/heads/*';
  const pull = `+refs/pull/${pullRequest}/head:refs/sluice/pulls/${pullRequest}`;
  const refspecs = pullRequest === undefined ? [heads] : [heads, pull];
  await fetchRefspecs(git, mirror, wanted, refspecs, ['--prune']);
}

async function fetchRefspecs(
  git: Git,
  mirror: string,
  { remote, signal }: WantedCommits,
  refspecs: readonly string[],
  options: readonly string[] = [],
): Promise<void> {
  const fetch = () =>
    git({
      args: [
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-recurse-submodules',
        ...options,
        '--',
        remote.cloneUrl,
        ...refspecs,
      ],
      gitDir: mirror,
      remote,
      signal,
    });
  try {
    await fetch();
  } catch (error) {
    if (!isGitError(error, 'git-locked')) throw error;
    await clearStaleLocks(mirror, { signal });
    await fetch();
  }
}
