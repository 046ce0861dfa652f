import type { DataPath } from '../../problems/positions.ts';
import { conditionNames, readCondition } from '../condition/read-condition.ts';
import type { Step } from '../schema/step.ts';
import { isBeforeOrSame, type Link } from '../syntax/step-links.ts';
import type { StepScope } from '../syntax/step-scope.ts';
import { type CheckContext, report } from './check-context.ts';
import { checkStepName } from './check-links.ts';

/** Every condition of a scope, and the loops that use them. */
export function checkConditions(
  scope: StepScope,
  links: readonly Link[],
  context: CheckContext,
): void {
  const check = (
    text: string | undefined,
    at: DataPath,
    step: Step,
    when: 'before' | 'after',
  ): void => {
    if (text === undefined) return;
    const rest = { params: Object.keys(context.params), partial: context.partial };
    const read = readCondition(text, conditionNames(when, step, scope, links, rest));
    if (read.ok) return;
    const position = context.positions.inText(at, 1, read.error.index + 1);
    const { suggestion } = read.error;
    context.problems.push({
      path: context.path,
      ...position,
      code: 'condition',
      message: read.error.message,
      ...(suggestion === null ? {} : { suggestion }),
    });
  };
  for (const { step, path } of scope.steps) {
    check(step.when, [...path, 'when'], step, 'before');
    check(step.evaluate?.condition, [...path, 'evaluate', 'condition'], step, 'after');
    for (const [index, route] of (step.routes ?? []).entries()) {
      check(route.when, [...path, 'routes', index, 'when'], step, 'after');
    }
  }
  for (const [name, loop] of Object.entries(scope.loops)) {
    const at = [...scope.path, 'loops', name];
    checkStepName(loop.from, [...at, 'from'], null, scope, context);
    if (loop.to !== undefined) checkStepName(loop.to, [...at, 'to'], null, scope, context);
    checkDirection(loop.from, loop.to ?? loop.from, at, scope, links, context);
    const from = scope.steps.find(({ step }) => step.id === loop.from);
    if (from !== undefined) check(loop.trigger, [...at, 'trigger'], from.step, 'after');
  }
}

function checkDirection(
  from: string,
  to: string,
  at: DataPath,
  scope: StepScope,
  links: readonly Link[],
  context: CheckContext,
): void {
  const ids = scope.steps.map(({ step }) => step.id);
  if (context.partial || !ids.includes(from) || !ids.includes(to)) return;
  if (isBeforeOrSame(to, from, links)) return;
  const message = `a loop goes back, but \`${to}\` does not come before \`${from}\`.`;
  report(context, { code: 'conflict', at: [...at, 'to'], message });
}
