import { approvalOf } from '../../engine/state/approval-policy.ts';
import { graphsInUse } from '../../engine/state/graphs-in-use.ts';
import type { Run } from '../../engine/state/run.ts';
import { isExecuted } from '../../plan/kinds.ts';
import type { Plan, PlanNode } from '../../plan/plan.ts';
import { STEP_FAILED } from './move.ts';

/** How a run can end, in a word or two: `succeeded`, `failed (denied)`. */
export function endOf({ status, reason }: Run): string {
  return named(status, reason?.code ?? null);
}

function named(status: string, code: string | null): string {
  return code === null ? status : `${status} (${code})`;
}

/**
 * Ends that follow from the plan: a workflow that cannot reach one of them promises something that
 * never comes.
 */
export function declaredEnds(plan: Plan): readonly string[] {
  const asks = plan.policies.escalation !== null;
  const lost = asks ? 'escalated' : 'failed';
  const ends = new Set(['succeeded']);
  for (const { id, mode, nodes, loops } of graphsInUse(plan)) {
    const isMain = id === plan.main;
    for (const node of nodes) {
      if (isMain && canFail(node)) ends.add(named(lost, STEP_FAILED));
      const policies = [approvalOf(node), node.consent].filter((policy) => policy !== null);
      if (policies.length > 0) ends.add(named('failed', 'denied'));
      if (policies.some(({ expireMs }) => expireMs !== null)) {
        ends.add(named(asks ? 'escalated' : 'expired', 'gate-expired'));
      }
    }
    for (const { from, onExhaust } of isMain && mode === 'graph' ? loops : []) {
      const node = nodes.find((one) => one.id === from);
      if (onExhaust === 'continue' || node === undefined || !isDecisive(node)) continue;
      ends.add(named(onExhaust === 'escalate' ? 'escalated' : lost, 'loop-exhausted'));
    }
  }
  return [...ends];
}

function canFail(node: PlanNode): boolean {
  return isExecuted(node) && isDecisive(node);
}

/** Its failure ends the run: it is neither optional nor does it ask what to do. */
function isDecisive(node: PlanNode): boolean {
  return node.disposition === 'required' && !node.finally;
}
