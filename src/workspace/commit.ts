import { type CommitText, cleanPerson, commitMessage, type Person } from './commit-message.ts';
import { type ChangedFile, readChanges } from './diff.ts';
import type { Git } from './git/git.ts';
import { stage } from './stage.ts';
import { readWorktreeHead, type Worktree } from './worktree.ts';

export interface CommitRequest extends CommitText {
  /** Who wrote the change; absent for the app itself. The committer is always the app. */
  readonly author?: Person;
  readonly signal?: AbortSignal | undefined;
}

export interface Commit {
  readonly sha: string;
  readonly changed: readonly ChangedFile[];
  /** Paths of the worktree that are not in the commit, because git cannot hold them. */
  readonly skipped: readonly string[];
}

export interface CommitDeps {
  readonly git: Git;
  readonly identity: Person;
  readonly maxFileBytes: number;
}

/** Commits everything that changed in the worktree, except ignored files. `null` if nothing did. */
export async function commitWorktree(
  deps: CommitDeps,
  worktree: Worktree,
  request: CommitRequest,
): Promise<Commit | null> {
  const { git, maxFileBytes } = deps;
  const { gitDir } = worktree;
  const { signal } = request;
  const parent = await readWorktreeHead(gitDir);
  const { tree, skipped } = await stage(git, { worktree, maxFileBytes, signal });
  const { files } = await readChanges(git, { gitDir, signal }, parent, tree);
  if (files.length === 0) return null;

  const sha = await writeCommit(deps, { ...request, gitDir, tree, parents: [parent] });
  // Last, and only from the commit we started from: until here nothing has happened.
  await git({ args: ['update-ref', '--no-deref', 'HEAD', sha, parent], gitDir, signal });
  return { sha, changed: files, skipped };
}

/** Writes a commit object that nothing points at yet. */
export async function writeCommit(
  { git, identity }: Pick<CommitDeps, 'git' | 'identity'>,
  request: CommitRequest & { gitDir: string; tree: string; parents: readonly string[] },
): Promise<string> {
  const author = cleanPerson(request.author ?? identity);
  const committer = cleanPerson(identity);
  const parents = request.parents.flatMap((sha) => ['-p', sha]);
  const { stdout } = await git({
    args: ['commit-tree', '--no-gpg-sign', ...parents, '-F', '-', request.tree],
    gitDir: request.gitDir,
    input: commitMessage(request),
    signal: request.signal,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
    },
  });
  return stdout.trim();
}

/** The newest commit at or before HEAD that carries all these trailers: a step's work already done. */
export async function findCommit(
  git: Git,
  worktree: Worktree,
  trailers: Readonly<Record<string, string>>,
  options: { depth?: number; signal?: AbortSignal | undefined } = {},
): Promise<string | null> {
  const wanted = Object.entries(trailers).map(([key, value]) => `${key}: ${value}`);
  const { stdout } = await git({
    args: [
      'log',
      '-z',
      '--first-parent',
      `--max-count=${options.depth ?? 100}`,
      '--format=%H%n%(trailers:only=true,unfold=true)',
      'HEAD',
    ],
    gitDir: worktree.gitDir,
    signal: options.signal,
  });
  for (const record of stdout.split('\0')) {
    const [sha, ...found] = record.trim().split('\n');
    if (sha !== undefined && sha !== '' && wanted.every((line) => found.includes(line))) return sha;
  }
  return null;
}
