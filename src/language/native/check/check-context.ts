import type { Persona } from '../../../plan/plan.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { DataPath, Locations, Position } from '../../problems/positions.ts';
import type { Problem, ProblemCode } from '../../problems/problem.ts';
import type { Param } from '../schema/workflow.ts';

/** What a check needs to know about the file, and where it puts its findings. */
export interface CheckContext {
  readonly path: string;
  readonly positions: Locations;
  /** Names of the personas a step can have; null if not known here, so not checked. */
  readonly personas: ReadonlyMap<string, Persona> | ReadonlySet<string> | null;
  readonly params: Readonly<Record<string, Param>>;
  readonly readFile: (path: string) => string | undefined;
  /** Ids met so far, in this and every other scope of the file. */
  readonly seenIds: Set<string>;
  readonly problems: Problem[];
  /** What is understood and stops nothing, but may not be what its author believes. */
  readonly warnings: Problem[];
  /** Files used so far. */
  readonly files: Map<string, string>;
  /** Some step is malformed, so what comes before what is not fully known. */
  readonly partial: boolean;
}

export interface CheckFinding {
  readonly code: ProblemCode;
  readonly at: DataPath;
  readonly message: string;
  readonly suggestion?: string | null;
  /** Points at the key instead of the value. */
  readonly key?: boolean;
  /** Overrides the position that `at` has. */
  readonly position?: Position;
}

export function report(context: CheckContext, finding: CheckFinding): void {
  context.problems.push(problemFor(context, finding));
}

export function warn(context: CheckContext, finding: CheckFinding): void {
  context.warnings.push({ ...problemFor(context, finding), severity: 'warning' });
}

function problemFor(context: CheckContext, finding: CheckFinding): Problem {
  const { code, at, message, suggestion = null } = finding;
  const found = finding.key === true ? context.positions.ofKey(at) : context.positions.ofValue(at);
  return {
    path: context.path,
    ...(finding.position ?? found),
    code,
    message: message + didYouMean(suggestion),
    ...(suggestion === null ? {} : { suggestion }),
  };
}
