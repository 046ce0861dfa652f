import { type CompileResult, compileWorkflow } from '#src/language/native/compile/compile.ts';
import type { WorkflowDefinition } from '#src/language/native/syntax/definition.ts';
import { renderProblem } from '#src/language/problems/problem.ts';
import type { Graph, Persona, Plan } from '#src/plan/plan.ts';
import { parseText } from '#test/support/language/parse-text.ts';

/** A persona that reads, or one that edits. */
function aPersona(name: string, access: Persona['access'] = null): Persona {
  return { name, description: '', systemPrompt: `You are the ${name}.`, model: null, access };
}

export const personas: Readonly<Record<string, Persona>> = Object.fromEntries(
  [
    aPersona('Researcher', 'readonly'),
    aPersona('Planner'),
    aPersona('CodeReviewer', 'readonly'),
    aPersona('TestDesigner', 'edit'),
    aPersona('Engineer', 'edit'),
  ].map((persona) => [persona.name, persona]),
);

/** Parses a file that must be sound. */
export function aDefinition(
  text: string,
  files: Readonly<Record<string, string>> = {},
): WorkflowDefinition {
  const readFile = (path: string): string | undefined => files[path];
  const parsed = parseText(text, { path: 'test.yml', personas, readFile });
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join('\n'));
  return parsed.definition;
}

export interface Surroundings {
  /** Texts of other workflows, which the file may call. */
  readonly callees?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** Compiles a file that is sound in itself. */
export function compile(
  text: string,
  { callees = [], files = {} }: Surroundings = {},
): CompileResult {
  const known = new Map(
    callees.map((callee) => aDefinition(callee, files)).map((it) => [it.spec.name, it]),
  );
  return compileWorkflow(aDefinition(text, files), {
    resolve: (name) => known.get(name),
    workflowNames: [...known.keys()],
    personas,
    source: { origin: 'repository', path: 'test.yml', commit: 'c0ffee', digest: 'sha256:0' },
  });
}

/** The plan of a file that must compile. */
export function aPlan(text: string, surroundings: Surroundings = {}): Plan {
  const compiled = compile(text, surroundings);
  if (!compiled.ok) throw new Error(compiled.problems.map(renderProblem).join('\n'));
  return compiled.plan;
}

/** The main graph of a plan with these steps, written as the items of `steps`. */
export function graphOf(steps: string, rest = ''): Graph {
  const plan = aPlan(`name: test\n${rest}\nsteps:\n${steps}`);
  const graph = plan.graphs[plan.main];
  if (graph === undefined) throw new Error('a plan without its main graph');
  return graph;
}
