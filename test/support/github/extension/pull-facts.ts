import type { PullRow, RepoRow } from '../emulate/rows.ts';
import type { Context } from './context.ts';

export interface ChangedFile {
  sha: string;
  filename: string;
  status: string;
  additions: number;
  deletions: number;
  changes: number;
  patch?: string;
}

export interface ComparedCommit {
  sha: string;
  html_url: string;
  commit: {
    message: string;
    author: { name: string; email: string; date: string };
    committer: { name: string; email: string; date: string };
    tree: { sha: string };
  };
  parents: { sha: string }[];
}

export interface Comparison {
  status: 'ahead' | 'behind' | 'identical' | 'diverged';
  ahead_by: number;
  commits: ComparedCommit[];
  files: ChangedFile[];
}

export function findPull(context: Context, repo: RepoRow, number: number): PullRow | undefined {
  return context.store.pullRequests
    .findBy('repo_id', repo.id)
    .find((pull) => pull.number === number);
}

export function compare(context: Context, repo: RepoRow, base: string, head: string) {
  return context.core<Comparison>('GET', `/repos/${repo.full_name}/compare/${base}...${head}`);
}

export function changesOf(context: Context, repo: RepoRow, pull: PullRow): Promise<Comparison> {
  return compare(context, repo, pull.base_sha, pull.head_sha);
}

/** Counts a pull request's commits, files and lines anew; emulate leaves them at zero. */
export async function refreshPull(context: Context, repo: RepoRow, number: number): Promise<void> {
  const pull = findPull(context, repo, number);
  if (pull === undefined) return;
  const { files, ahead_by } = await changesOf(context, repo, pull);
  const sum = (key: 'additions' | 'deletions') =>
    files.reduce((total, file) => total + file[key], 0);
  context.store.pullRequests.update(pull.id, {
    changed_files: files.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    commits: ahead_by,
  });
}
