import type { Plan } from '../../../plan/plan.ts';
import { type Problem, sortProblems } from '../../problems/problem.ts';
import type { WorkflowDefinition } from '../syntax/definition.ts';
import { compileEvalGate } from './compile-eval-gate.ts';
import { compilePolicies } from './compile-policies.ts';
import { type CompileRequest, PlanBuilder } from './plan-builder.ts';
import { passesStops, withAutonomy } from './with-autonomy.ts';

export type CompileResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Turns a definition, with all workflows it calls, into the plan a run executes. */
export function compileWorkflow(
  definition: WorkflowDefinition,
  request: CompileRequest,
): CompileResult {
  const builder = new PlanBuilder(request);
  const main = builder.addMain(definition);
  const problems = sortProblems(builder.problems);
  if (problems.length > 0) return { ok: false, problems };
  const { spec } = definition;
  const graph = builder.graphs.get(main);
  if (graph !== undefined) builder.graphs.set(main, compileEvalGate(graph, spec.eval_gate));
  return {
    ok: true,
    plan: {
      version: 1,
      name: spec.name,
      description: spec.description,
      dialect: definition.dialect ?? 'native',
      main,
      graphs: withAutonomy(builder.graphs, definition),
      personas: builder.personas,
      policies: {
        ...compilePolicies(spec),
        ...(passesStops(definition) ? { passesStops: true } : {}),
        ...definition.amendments?.policies,
      },
      source: request.source,
      instructions: spec.instructions ?? null,
      files: Object.fromEntries(builder.files),
    },
  };
}
