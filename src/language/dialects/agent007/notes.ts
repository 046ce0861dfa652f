import type { DataPath } from '../../problems/positions.ts';
import type { Problem, ProblemCode } from '../../problems/problem.ts';
import type { Source } from '../dialect.ts';
import { Places } from '../places.ts';
import { problemAt, warningAt } from '../report-problem.ts';

/** What is found out about a file while it is translated. */
export class Notes {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly source: Source;
  /** From native keys back to those of the file. */
  readonly places: Places;

  constructor(source: Source) {
    this.source = source;
    this.places = new Places(source.positions);
  }

  problem(
    at: DataPath,
    code: ProblemCode,
    message: string,
    suggestion: string | null = null,
  ): void {
    const { path, positions } = this.source;
    this.problems.push(problemAt(path, positions.ofValue(at), code, message, suggestion));
  }

  warn(at: DataPath, message: string): void {
    const { path, positions } = this.source;
    this.warnings.push(warningAt(path, positions.ofKey(at), 'conflict', message));
  }
}
