import { join } from 'node:path';
import { loadBuiltinWorkflows } from '#src/builtin-workflows.ts';
import { compileWorkflow } from '#src/language/native/compile/compile.ts';
import type { AgentNode, Graph, Plan } from '#src/plan/plan.ts';

export const folder = loadBuiltinWorkflows(join(import.meta.dirname, '../../../workflows'));

export function planOf(name: string): Plan {
  const definition = folder.definitions.get(name)!;
  const compiled = compileWorkflow(definition, {
    resolve: (other) => folder.definitions.get(other),
    workflowNames: [...folder.definitions.keys()],
    personas: folder.personas,
    source: { origin: 'built-in', path: definition.path, commit: null, digest: '' },
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.plan;
}

export function graphOf(plan: Plan): Graph {
  return plan.graphs[plan.main]!;
}

export function agentsOf(plan: Plan): AgentNode[] {
  return graphOf(plan).nodes.filter((node) => node.kind === 'agent');
}

/** What has to be done before a step. */
export function needsOf(plan: Plan, id: string): string[] {
  return graphOf(plan)
    .edges.filter((edge) => edge.to === id)
    .map((edge) => edge.from);
}

/** Agents of all graphs, those of groups, members and called workflows included. */
export function agentsEverywhere(plan: Plan): AgentNode[] {
  const nodes = Object.values(plan.graphs).flatMap((graph) => graph.nodes);
  return nodes.filter((node) => node.kind === 'agent');
}
