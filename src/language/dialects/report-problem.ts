import { didYouMean } from '../problems/nearest.ts';
import type { Position } from '../problems/positions.ts';
import type { Problem, ProblemCode } from '../problems/problem.ts';

/** A problem at a place, with a question at the end if another spelling was probably meant. */
export function problemAt(
  path: string,
  at: Position,
  code: ProblemCode,
  message: string,
  suggestion: string | null = null,
): Problem {
  return {
    path,
    ...at,
    code,
    message: message + didYouMean(suggestion),
    ...(suggestion === null ? {} : { suggestion }),
  };
}

export function warningAt(path: string, at: Position, code: ProblemCode, message: string): Problem {
  return { ...problemAt(path, at, code, message), severity: 'warning' };
}
