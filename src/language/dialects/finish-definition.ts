import type { Dialect } from '../../plan/plan.ts';
import type { CheckContext } from '../native/check/check-context.ts';
import { checkWorkflow } from '../native/check/check-workflow.ts';
import { Loops } from '../native/schema/loops.ts';
import { Workflow } from '../native/schema/workflow.ts';
import type { Amendments, WorkflowDefinition } from '../native/syntax/definition.ts';
import { rootScope } from '../native/syntax/step-scope.ts';
import type { Locations } from '../problems/positions.ts';
import { type Problem, sortProblems } from '../problems/problem.ts';
import type { SourceFolder } from './dialect.ts';

export interface Translated {
  readonly dialect: Dialect;
  readonly path: string;
  /** In native keys. It must match the schema: what its author can get wrong was checked before. */
  readonly native: object;
  /** Named as in their dialect, which may be more freely than native keys allow. */
  readonly loops?: Readonly<Record<string, object>>;
  readonly positions: Locations;
  readonly amendments?: Amendments;
  readonly warnings?: readonly Problem[];
  /** Native words in messages, and what replaces them. */
  readonly words?: Readonly<Record<string, string>>;
}

export type Finished =
  | { readonly ok: true; readonly definition: WorkflowDefinition }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks what a file was translated into: its links, its prompts and the files they name. */
export function finishDefinition(
  translated: Translated,
  folder: Omit<SourceFolder, 'files' | 'defaults'> & {
    readonly readFile: (path: string) => string | undefined;
  },
): Finished {
  const { path, positions, dialect, amendments, warnings = [] } = translated;
  const spec = specOf(translated);
  const steps = spec.steps.map((step, index) => ({ step, path: ['steps', index] }));
  const context = contextFor(spec, path, positions, folder);
  checkWorkflow(spec, rootScope(steps, spec.loops), context);
  if (context.problems.length > 0) {
    const problems = context.problems.map((problem) => reworded(problem, translated.words));
    return { ok: false, problems: sortProblems(problems) };
  }
  const files = Object.fromEntries(context.files);
  return {
    ok: true,
    definition: {
      path,
      spec,
      files,
      positions,
      dialect,
      warnings,
      ...(amendments === undefined ? {} : { amendments }),
    },
  };
}

/** Messages refer to the keys the author wrote. */
function reworded(problem: Problem, words: Translated['words'] = {}): Problem {
  const message = Object.entries(words).reduce(
    (text, [native, own]) => text.replace(native, own),
    problem.message,
  );
  return { ...problem, message };
}

function specOf({ native, loops = {} }: Translated): Workflow {
  const spec = Workflow.parse(native);
  const named = Object.entries(loops).flatMap(([name, loop]) => {
    const { only } = Loops.parse({ only: loop });
    return only === undefined ? [] : [[name, only] as const];
  });
  return named.length === 0 ? spec : { ...spec, loops: Object.fromEntries(named) };
}

function contextFor(
  spec: Workflow,
  path: string,
  positions: Locations,
  folder: Parameters<typeof finishDefinition>[1],
): CheckContext {
  const { personas, readFile } = folder;
  const own = Object.keys(spec.personas);
  return {
    path,
    positions,
    personas: personas === undefined ? null : new Set([...Object.keys(personas), ...own]),
    params: spec.params,
    readFile,
    seenIds: new Set(),
    problems: [],
    warnings: [],
    files: new Map(),
    partial: false,
  };
}
