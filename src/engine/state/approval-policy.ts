import type { ApprovalPolicy, PlanNode } from '../../plan/plan.ts';
import type { Draft } from './draft.ts';
import { laterBy } from './time.ts';

/** Null when the consent lasts as long as the run. */
export function consentFrom(draft: Draft): string | null {
  const { consentLifetimeMs } = draft.plan.policies;
  return consentLifetimeMs > 0 ? laterBy(draft.at, consentLifetimeMs) : null;
}

/** Any one person with write access, when the workflow does not say who decides. */
export const DEFAULT_POLICY: ApprovalPolicy = {
  when: 'after',
  prompt: null,
  approvers: { role: 'write', teams: [], users: [], count: 1 },
  revise: null,
  expireMs: null,
  batch: false,
  selfApprove: 'allow',
};

/** The approval a node itself waits for; a stop of a recipe always has one. */
export function approvalOf(node: PlanNode): ApprovalPolicy | null {
  return node.approval ?? (node.stopPoint ? DEFAULT_POLICY : null);
}
