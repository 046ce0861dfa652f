import type { Link } from '../syntax/step-links.ts';
import type { StepScope } from '../syntax/step-scope.ts';
import { type CheckContext, report } from './check-context.ts';

/** Uncommitted work would be lost without a later step that commits it. */
export function checkUncommitted(
  scope: StepScope,
  links: readonly Link[],
  context: CheckContext,
): void {
  const leading = leadingToCommit(scope, links);
  for (const { step, path } of scope.steps) {
    if (step.uncommitted !== true || leading.has(step.id)) continue;
    const message = `step \`${step.id}\` leaves its changes uncommitted, and no step with \`commit\` comes after it.`;
    report(context, { code: 'conflict', at: [...path, 'uncommitted'], key: true, message });
  }
}

/** Steps that lead to a step that commits. */
function leadingToCommit({ steps }: StepScope, links: readonly Link[]): ReadonlySet<string> {
  const found = new Set(
    steps.filter(({ step }) => step.commit !== undefined).map(({ step }) => step.id),
  );
  for (const id of found) {
    for (const { from } of links.filter(({ to }) => to === id)) found.add(from);
  }
  return found;
}
