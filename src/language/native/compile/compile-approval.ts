import type { ApprovalPolicy, Approvers } from '../../../plan/plan.ts';
import type { Approval } from '../schema/approval.ts';
import type { Step } from '../schema/step.ts';

const DEFAULTS: Approval = {
  when: 'after',
  count: 1,
  self_approve: 'allow',
  batch: false,
};
const DEFAULT_ROUNDS = 3;

/** The approval of a step, or null. `author` is the step a revision goes to unless one is named. */
export function compileApproval(step: Step, author: string): ApprovalPolicy | null {
  if (!step.requires_approval && step.approval === undefined && !step.stop) return null;
  const spec = step.approval ?? DEFAULTS;
  return {
    when: spec.when,
    prompt: step.approval_prompt ?? null,
    approvers: approversOf(spec),
    revise: reviseOf(spec, author),
    expireMs: spec.expire ?? null,
    batch: spec.batch,
    selfApprove: spec.self_approve,
  };
}

/** The question asked right before a step that needs its own consent, or null. */
export function compileConsent(step: Step): ApprovalPolicy | null {
  if (!step.requires_individual_consent) return null;
  const spec = step.approval ?? DEFAULTS;
  const shown = step.requires_approval || step.approval !== undefined;
  return {
    when: 'before',
    prompt: shown ? null : (step.approval_prompt ?? null),
    approvers: approversOf(spec),
    revise: null,
    expireMs: spec.expire ?? null,
    batch: false,
    selfApprove: spec.self_approve,
  };
}

function approversOf(spec: Approval): Approvers {
  const { role = 'write', teams = [], users = [] } = spec.approvers ?? {};
  return { role, teams: teams.map(nameOf), users: users.map(nameOf), count: spec.count };
}

/** People and teams may be written with or without the `@` of a mention. */
function nameOf(mention: string): string {
  return mention.replace(/^@/, '');
}

/** Before a step has run, there is nothing of its own to revise. */
function reviseOf(spec: Approval, author: string): ApprovalPolicy['revise'] {
  if (spec.revise === false) return { to: author, max: 0 };
  if (spec.revise === undefined) {
    return spec.when === 'before' ? null : { to: author, max: DEFAULT_ROUNDS };
  }
  return { to: spec.revise.to ?? author, max: spec.revise.max };
}
