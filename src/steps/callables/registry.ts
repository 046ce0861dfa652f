import type { CallableFunction } from './callable.ts';
import { changedFiles, diffStat } from './git.ts';
import { issue, pullRequest, pullRequestFiles } from './github.ts';
import { history, output } from './history.ts';
import { listRepoFiles, readRepoFile } from './repo.ts';

/**
 * The functions behind the names in `workflow/callables.ts`. They read GitHub or the database, or
 * run git, a separate process, on the repository; none computes anything in this process that its
 * time limit could not end.
 */
export const FUNCTIONS: Readonly<Record<string, CallableFunction>> = {
  'git.diff_stat': diffStat,
  'git.changed_files': changedFiles,
  'github.issue': issue,
  'github.pull_request': pullRequest,
  'github.pull_request_files': pullRequestFiles,
  'repo.read_file': readRepoFile,
  'repo.list_files': listRepoFiles,
  'runs.history': history,
  'runs.output': output,
};
