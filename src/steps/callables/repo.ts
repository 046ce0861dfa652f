import { fileMatcher } from '../items/file-matcher.ts';
import { CallableError, type CallableFunction } from './callable.ts';

const MAX_BYTES = 1_000_000;
const MAX_PATHS = 20_000;

export const readRepoFile: CallableFunction = async (context, args) => {
  const { worktree, at, rewoundTo } = await context.tree();
  const path = args.text('path') ?? '';
  const file = await context.deps.worktrees.workspaces.readFile(worktree, {
    sha: rewoundTo ?? at,
    path,
    maxBytes: args.count('max_bytes', 200_000, MAX_BYTES),
    signal: context.signal,
  });
  if (file === null) throw new CallableError(`There is no file \`${path}\` in the repository.`);
  return { path, ...file };
};

export const listRepoFiles: CallableFunction = async (context, args) => {
  const { worktree, at, rewoundTo } = await context.tree();
  const sha = rewoundTo ?? at;
  const { workspaces } = context.deps.worktrees;
  const all = await workspaces.listFiles(worktree, { sha, signal: context.signal });
  const glob = args.text('glob');
  const files = glob === null ? all : all.filter(fileMatcher(glob));
  const limit = args.count('limit', 1_000, MAX_PATHS);
  return { files: files.slice(0, limit), count: files.length, truncated: files.length > limit };
};
