import type { Draft } from '../state/draft.ts';
import {
  AUTO_CLOSED,
  type EscalationHandler,
  fallbackOf,
  HANDED_OVER,
  handlerOf,
} from '../state/escalation-policy.ts';
import type { Reason } from '../state/run.ts';

/** Nobody answered the run's call for help: its handler ends it or lets another workflow take over. */
export function leaveUnanswered(draft: Draft): void {
  const reason = REASONS[handlerOf(draft.plan)](draft);
  if (reason === null || draft.run.status !== 'escalated') return;
  draft.record('run-settled', { reasonCode: reason.code, detail: reason.message });
  draft.settle({ status: 'expired', settledAt: draft.at, reason });
  if (reason.code === HANDED_OVER) draft.effect({ type: 'hand-over' });
}

/** Null: the run keeps waiting for somebody to resume it. */
const REASONS: Readonly<Record<EscalationHandler, (draft: Draft) => Reason | null>> = {
  human: () => null,
  auto_close: (draft) => ({ code: AUTO_CLOSED, message: whyEnded(draft) }),
  fallback_workflow: (draft) =>
    fallbackOf(draft.plan) === null ? null : { code: HANDED_OVER, message: whyEnded(draft) },
};

function whyEnded({ run }: Draft): string {
  const cause = run.reason === null ? '' : ` ${run.reason.message}`;
  return `Nobody answered the call for help in time.${cause}`;
}
