import type { Condition } from '../../../plan/condition.ts';
import type { Step } from '../schema/step.ts';
import { outputsBefore } from '../syntax/outputs-in-sight.ts';
import type { Link } from '../syntax/step-links.ts';
import { outputNameOf, type StepScope } from '../syntax/step-scope.ts';
import { ConditionError } from './condition-error.ts';
import { type ConditionNames, conditionScope } from './condition-scope.ts';
import { parseCondition } from './parse-condition.ts';

export type ReadCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly error: ConditionError };

/** Reads a condition of a workflow file, or says what is wrong with it. */
export function readCondition(text: string, names: ConditionNames): ReadCondition {
  try {
    return { ok: true, condition: parseCondition(text, conditionScope(names)) };
  } catch (error) {
    if (error instanceof ConditionError) return { ok: false, error };
    throw error;
  }
}

/** Names for a condition evaluated before a step (`when`) or about a step that has ended. */
export function conditionNames(
  when: 'before' | 'after',
  step: Step,
  scope: StepScope,
  links: readonly Link[],
  rest: { readonly params: readonly string[]; readonly partial: boolean },
): ConditionNames {
  const own = when === 'after' ? outputNameOf(step) : null;
  return {
    self: when === 'after' ? step : null,
    outputs: [...outputsBefore(step, scope, links), ...(own === null ? [] : [own])],
    outputOfStep: new Map(
      scope.steps.flatMap(({ step: other }) => {
        const name = outputNameOf(other);
        return name === null ? [] : [[other.id, name] as const];
      }),
    ),
    items: scope.itemNames.length === 0 ? [] : [...scope.itemNames, 'index'],
    ...rest,
  };
}
