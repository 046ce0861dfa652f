import { ofKind } from '../../plan/kinds.ts';
import type { AutoNode, CallNode, Graph, Plan, PlanNode } from '../../plan/plan.ts';

/**
 * The same plan with each called workflow as a single step that answers anything or fails: what it
 * does inside is examined on its own.
 */
export function stubCalls(plan: Plan): Plan {
  const graphs = Object.entries(plan.graphs).map(([id, graph]): [string, Graph] => [
    id,
    { ...graph, nodes: graph.nodes.map(stubbed) },
  ]);
  return { ...plan, graphs: Object.fromEntries(graphs) };
}

function stubbed(node: PlanNode): PlanNode {
  const call = ofKind(node, 'call');
  return call === null ? node : stubOf(call);
}

function stubOf({ graph: _graph, params: _params, ...common }: CallNode): AutoNode {
  return { ...common, kind: 'auto', run: null, callable: null, result: null };
}
