import type { Plan, PlanNode } from '../../plan/plan.ts';
import { approvalOf } from '../state/approval-policy.ts';
import { graphsInUse } from '../state/graphs-in-use.ts';

/** These do nothing themselves: what they open is counted. */
const CONTAINERS: ReadonlySet<PlanNode['kind']> = new Set(['call', 'foreach', 'group', 'noop']);

/** How big a plan is: its steps, including those of called workflows and groups, and where people decide. */
export function planSize(plan: Plan): { readonly steps: number; readonly gates: number } {
  const nodes = graphsInUse(plan).flatMap((graph) => graph.nodes);
  return {
    steps: nodes.filter(({ kind }) => !CONTAINERS.has(kind)).length,
    gates: nodes.filter((node) => approvalOf(node) !== null).length,
  };
}
