import type { z } from 'zod';
import type { Persona } from '../../../plan/plan.ts';
import type { Locations } from '../../problems/positions.ts';
import { type Problem, sortProblems } from '../../problems/problem.ts';
import type { CheckContext } from '../check/check-context.ts';
import { checkWorkflow } from '../check/check-workflow.ts';
import { Workflow } from '../schema/workflow.ts';
import type { WorkflowDefinition } from '../syntax/definition.ts';
import { rootScope } from '../syntax/step-scope.ts';
import { explainIssues } from './explain-issues.ts';
import { FOREIGN_KEYS } from './foreign-keys.ts';
import { type Salvaged, salvage } from './salvage.ts';

export interface ParseOptions {
  /** The file's name in messages. */
  readonly path: string;
  /** Personas the file may name besides its own; absent if names are not checked here. */
  readonly personas?: Readonly<Record<string, Persona>>;
  /** Files of the workflow folder by relative path; absent if there are none. */
  readonly readFile?: (path: string) => string | undefined;
}

export type ParseResult =
  | { readonly ok: true; readonly definition: WorkflowDefinition }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface NativeFile {
  readonly data: unknown;
  readonly positions: Locations;
}

const MAX_PROBLEMS = 100;

/** Reads a native workflow file. Returns it, or every problem it has, in reading order. */
export function parseNative(file: NativeFile, options: ParseOptions): ParseResult {
  const parsed = Workflow.safeParse(file.data);
  const shape = parsed.success ? [] : shapeProblems(parsed.error, file, options.path);
  const known = parsed.success ? whole(parsed.data) : salvage(file.data);
  const context = contextFor(known, file, options);
  checkWorkflow(known.spec, known.scope, context);
  const problems = sortProblems([...shape, ...context.problems]).slice(0, MAX_PROBLEMS);
  if (problems.length > 0 || !parsed.success) return { ok: false, problems };
  return {
    ok: true,
    definition: {
      path: options.path,
      spec: parsed.data,
      files: Object.fromEntries(context.files),
      positions: file.positions,
      ...(context.warnings.length > 0 && { warnings: sortProblems(context.warnings) }),
    },
  };
}

function shapeProblems(error: z.ZodError, file: NativeFile, path: string): readonly Problem[] {
  return explainIssues(error.issues, {
    path,
    noun: 'workflow',
    schema: Workflow,
    data: file.data,
    positions: file.positions,
    foreignKeys: FOREIGN_KEYS,
  });
}

function contextFor(known: Salvaged, file: NativeFile, options: ParseOptions): CheckContext {
  const own = Object.keys(known.spec.personas ?? {});
  const given = options.personas;
  return {
    path: options.path,
    positions: file.positions,
    personas: given === undefined ? null : new Set([...Object.keys(given), ...own]),
    params: known.spec.params ?? {},
    readFile: options.readFile ?? (() => undefined),
    seenIds: new Set(known.scope.ghosts),
    problems: [],
    warnings: [],
    files: new Map(),
    partial: known.partial,
  };
}

function whole(spec: Workflow): Salvaged {
  const steps = spec.steps.map((step, index) => ({ step, path: ['steps', index] }));
  return { spec, scope: rootScope(steps, spec.loops), partial: false };
}
