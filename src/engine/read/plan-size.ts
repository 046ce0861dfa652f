import { isComposite, kindOf } from '../../plan/kinds.ts';
import type { Plan } from '../../plan/plan.ts';
import { approvalOf } from '../state/approval-policy.ts';
import { graphsInUse } from '../state/graphs-in-use.ts';

/** How big a plan is: its steps, including those of called workflows and groups, and where people decide. */
export function planSize(plan: Plan): { readonly steps: number; readonly gates: number } {
  const nodes = graphsInUse(plan).flatMap((graph) => graph.nodes);
  return {
    // A composite does nothing itself: what it opens is counted.
    steps: nodes.filter((node) => kindOf(node).isStep && !isComposite(node)).length,
    gates: nodes.filter((node) => approvalOf(node) !== null).length,
  };
}
