export type ProblemCode =
  | 'too-large'
  | 'yaml'
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'bad-value'
  | 'duplicate'
  | 'unknown-step'
  | 'unknown-input'
  | 'unknown-output'
  | 'unknown-persona'
  | 'unknown-param'
  | 'unknown-workflow'
  | 'unknown-variable'
  | 'unknown-callable'
  | 'missing-file'
  | 'cycle'
  | 'step-kind'
  | 'conflict'
  | 'not-supported'
  | 'condition'
  | 'template';

/** Something a person must correct in a file. Lines and columns count from 1. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  /** What is wrong and what to do, in one or two sentences. */
  readonly message: string;
  /** The spelling that was probably meant. */
  readonly suggestion?: string;
  readonly code: ProblemCode;
  /** A warning stops nothing. Absent for an error. */
  readonly severity?: 'error' | 'warning';
}

/** `path:line:column: message`, as editors and terminals understand it. */
export function renderProblem(problem: Problem): string {
  return `${problem.path}:${problem.line}:${problem.column}: ${problem.message}`;
}

/** In reading order, each once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const unique = new Map(problems.map((problem) => [renderProblem(problem), problem]));
  return [...unique.values()].toSorted(
    (a, b) =>
      (a.path < b.path ? -1 : Number(a.path > b.path)) || a.line - b.line || a.column - b.column,
  );
}
