import type { Condition } from '../../plan/condition.ts';
import { ofKind } from '../../plan/kinds.ts';
import type { Graph, PlanNode } from '../../plan/plan.ts';
import { splitPath } from '../../plan/read-path.ts';

/**
 * True when the workflow decides something by how a node ended: a loop from it, a condition on one
 * of its outgoing edges, a gate over it, or a condition anywhere that names its output. Then a
 * command's failure is an answer; otherwise it is just a failure.
 */
export function isAskedAbout(graph: Graph, node: PlanNode): boolean {
  if (graph.loops.some(({ from }) => from === node.id)) return true;
  const asked = graph.edges.some(({ from, when }) => from === node.id && when.type !== 'always');
  if (asked) return true;
  const gated = graph.nodes.some((other) => ofKind(other, 'gate')?.subject === node.id);
  if (gated || node.output === null) return gated;
  const conditions = [
    ...graph.edges.map(({ when }) => when),
    ...graph.loops.map(({ trigger }) => trigger),
    ...graph.nodes.flatMap(({ when }) => (when === null ? [] : [when])),
  ];
  return conditions.some((condition) => names(condition, node.output ?? ''));
}

function names(condition: Condition, output: string): boolean {
  switch (condition.type) {
    case 'output':
      return splitPath(condition.path).head === output;
    case 'all':
    case 'any':
      return condition.of.some((part) => names(part, output));
    case 'not':
      return names(condition.of, output);
    case 'always':
    case 'outcome':
    case 'field':
    case 'text':
      return false;
  }
}
