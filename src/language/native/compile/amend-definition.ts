import { ofKind } from '../../../plan/kinds.ts';
import type { PlanNode } from '../../../plan/plan.ts';
import type { WorkflowDefinition } from '../syntax/definition.ts';

/** The node with what its dialect says besides the native keys. */
export function amend(node: PlanNode, { amendments }: WorkflowDefinition): PlanNode {
  const nodes = amendments?.nodes ?? {};
  const amendment = Object.hasOwn(nodes, node.id) ? nodes[node.id] : undefined;
  if (amendment === undefined) return node;
  const { criteria, meta } = amendment;
  const gate = ofKind(node, 'gate');
  if (gate !== null && criteria !== undefined) return { ...gate, criteria };
  const agent = ofKind(node, 'agent');
  return agent === null ? node : { ...agent, meta: { ...agent.meta, ...meta } };
}
