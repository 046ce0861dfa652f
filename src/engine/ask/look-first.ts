import { isComposite, isExecuted, runsText } from '../../plan/kinds.ts';
import type { PlanNode } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';
import type { Draft } from '../state/draft.ts';
import type { AttemptResult } from '../state/event.ts';
import type { Place } from '../state/place.ts';
import { charge } from './budget.ts';

/**
 * Nobody is asked about a step that cannot run anyway: before asking, a worker checks that what it
 * requires is there and that the guardrail lets it pass. Once per attempt.
 */
export function mustLookFirst(draft: Draft, place: Place): boolean {
  const { attempt, cleared } = draft.node(place);
  return cleared !== attempt && hasChecks(draft, place.node);
}

function hasChecks({ plan }: Draft, node: PlanNode): boolean {
  if (!isExecuted(node) && !isComposite(node)) return false;
  if (node.requires.length > 0) return true;
  const isOn = readPath(plan.policies.reliability, 'guardrails.enabled') === true;
  return runsText(node) && (isOn || node.risky);
}

/** The check found nothing wrong, so people are asked now. */
export function lookedWell(
  draft: Draft,
  place: Place,
  { usage }: Extract<AttemptResult, { status: 'completed' }>,
): void {
  charge(draft, place, usage);
  const { attempt, looks } = draft.node(place);
  draft.updateNode(place, {
    status: 'ready',
    phase: null,
    attempt: attempt + 1,
    cleared: attempt + 1,
    looks: looks + 1,
    execution: null,
  });
  draft.record('looked-at', { place, detail: 'It can run.' });
  draft.touch(place.frame);
}
