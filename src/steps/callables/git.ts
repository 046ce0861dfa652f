import type { Changes } from '../../workspace/diff.ts';
import { isSha } from '../../workspace/git/git-names.ts';
import {
  type Arguments,
  CallableError,
  type CallableFunction,
  type CallContext,
} from './callable.ts';

const MAX_FILES = 10_000;

export const diffStat: CallableFunction = async (context, args) => {
  const { files, additions, deletions } = await changesOf(context, args);
  const limit = args.count('limit', 100, MAX_FILES);
  const changed = files
    .slice(0, limit)
    .map(({ path, status, additions: plus, deletions: minus }) => ({
      path,
      status,
      additions: plus,
      deletions: minus,
    }));
  return { files: files.length, additions, deletions, changed };
};

export const changedFiles: CallableFunction = async (context, args) => {
  const { files } = await changesOf(context, args);
  return { files: files.slice(0, MAX_FILES).map(({ path }) => path), count: files.length };
};

async function changesOf(context: CallContext, args: Arguments): Promise<Changes> {
  const { deps, attempt, signal } = context;
  const { worktree, at } = await context.tree();
  const base = args.text('base') ?? attempt.stored.context.baseSha;
  if (!isSha(base))
    throw new CallableError(
      `\`base\` is ${JSON.stringify(base)}; it has to be the full id of a commit.`,
    );
  const { workspaces } = deps.worktrees;
  const credential = { token: await deps.tokens.toRead(attempt.stored.context) };
  const lost = await workspaces.bring(worktree, { commits: [base], credential, signal });
  if (lost.length > 0) throw new CallableError(`The repository has no commit ${base}.`);
  return workspaces.changes(worktree, base, at, { signal });
}
