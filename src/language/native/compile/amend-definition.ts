import type { PlanNode } from '../../../plan/plan.ts';
import type { WorkflowDefinition } from '../syntax/definition.ts';

/** The node with what its dialect says besides the native keys. */
export function amend(node: PlanNode, { amendments }: WorkflowDefinition): PlanNode {
  const nodes = amendments?.nodes ?? {};
  const amendment = Object.hasOwn(nodes, node.id) ? nodes[node.id] : undefined;
  if (amendment === undefined) return node;
  const { criteria, meta } = amendment;
  if (node.kind === 'gate' && criteria !== undefined) return { ...node, criteria };
  return node.kind === 'agent' ? { ...node, meta: { ...node.meta, ...meta } } : node;
}
