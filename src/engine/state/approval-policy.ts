import type { ApprovalPolicy, PlanNode } from '../../plan/plan.ts';

/** Asked of anyone with write access, when the workflow does not say who decides. */
export const DEFAULT_POLICY: ApprovalPolicy = {
  when: 'after',
  prompt: null,
  approvers: { role: 'write', teams: [], users: [], count: 1 },
  revise: null,
  expireMs: null,
  batch: false,
  selfApprove: 'allow',
};

/** The approval a node waits for by itself; a stop of a recipe always has one. */
export function approvalOf(node: PlanNode): ApprovalPolicy | null {
  return node.approval ?? (node.stopPoint ? DEFAULT_POLICY : null);
}
