import type { Plan } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';

/** Codes of runs that ended because nobody answered their call for help. */
export const AUTO_CLOSED = 'auto-closed';
export const HANDED_OVER = 'handed-over';

export type EscalationHandler = 'human' | 'auto_close' | 'fallback_workflow';

/** What happens to a run whose call for help is not answered in time. */
export function handlerOf({ policies }: Plan): EscalationHandler {
  const handler = readPath(policies.escalation, 'handler');
  return handler === 'auto_close' || handler === 'fallback_workflow' ? handler : 'human';
}

/** The workflow that then takes over; null if none does. */
export function fallbackOf(plan: Plan): string | null {
  const workflow = readPath(plan.policies.escalation, 'workflow');
  return handlerOf(plan) === 'fallback_workflow' && typeof workflow === 'string' ? workflow : null;
}
