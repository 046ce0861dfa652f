import type { Problem } from '../../language/problems/problem.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { plural } from '../text/format.ts';

export interface ProblemsFacts {
  readonly workflow: string;
  readonly problems: readonly Problem[];
  /** Commit the files were read at, and where they can be viewed. */
  readonly commit: string;
  readonly repositoryUrl: string;
}

/** A workflow of the repository is broken: every problem at once, each linked to its line. */
export function renderProblems({
  workflow,
  problems,
  commit,
  repositoryUrl,
}: ProblemsFacts): string {
  const lines = problems.slice(0, MAX_PROBLEMS).map((problem) => {
    return `- ${renderPlace(problem, { commit, repositoryUrl })} ${cleanLine(problem.message, 500)}${suggestion(problem)}`;
  });
  const left = problems.length - MAX_PROBLEMS;
  return [
    `Nothing was started: ${code(workflow)} has ${plural(problems.length, 'problem')} at ${code(commit.slice(0, 7))} of the default branch.`,
    [...lines, ...(left > 0 ? [`- …and ${left} more`] : [])].join('\n'),
    'Correct the file on the default branch, then set the label again or repeat the command.',
  ].join('\n\n');
}

const MAX_PROBLEMS = 30;

/** A line of a file in the repository, with a link to it. */
export function renderPlace(
  { path, line, column }: { readonly path: string; readonly line: number; readonly column: number },
  { commit, repositoryUrl }: Pick<ProblemsFacts, 'commit' | 'repositoryUrl'>,
): string {
  const url = `${repositoryUrl}/blob/${commit}/${pathUrl(path)}#L${line}`;
  return `[${code(`${path}:${line}:${column}`)}](${url})`;
}

/** Messages often already end with the suggestion. */
function suggestion({ suggestion: meant, message }: Problem): string {
  return meant === undefined || message.includes(meant) ? '' : ` Did you mean ${code(meant)}?`;
}

function pathUrl(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
