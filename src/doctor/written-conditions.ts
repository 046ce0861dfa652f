import { conditionNames, readCondition } from '../language/native/condition/read-condition.ts';
import type { Step } from '../language/native/schema/step.ts';
import type { DataPath } from '../language/problems/positions.ts';
import type { Condition } from '../plan/condition.ts';
import type { Chart } from './chart.ts';

/** A condition as it is in the file. */
export interface WrittenCondition {
  readonly condition: Condition;
  readonly at: DataPath;
  /** The step whose answer it is about; null if it is evaluated before a step. */
  readonly self: string | null;
  /** Keys of the survey that tell what became of it. */
  readonly asked: string | null;
}

/** Every condition of a list of steps, and where it is. */
export function writtenConditions(chart: Chart): readonly WrittenCondition[] {
  const { scope } = chart;
  const steps = scope.steps.flatMap(({ step, path }) => [
    ...read(chart, step, 'before', step.when, [...path, 'when'], `when:${step.id}`),
    ...read(
      chart,
      step,
      'after',
      step.evaluate?.condition,
      [...path, 'evaluate', 'condition'],
      null,
    ),
    ...(step.routes ?? []).flatMap(({ when, goto }, index) => {
      // Several routes to one step are one edge, which says nothing about each of them.
      const isOnly = step.routes?.filter((other) => other.goto === goto).length === 1;
      const edge = isOnly ? `${step.id}->${goto}` : null;
      return read(chart, step, 'after', when, [...path, 'routes', index, 'when'], edge);
    }),
  ]);
  const loops = Object.entries(scope.loops).flatMap(([name, loop]) => {
    const from = scope.steps.find(({ step }) => step.id === loop.from)?.step;
    const at = [...scope.path, 'loops', name, 'trigger'];
    return from === undefined ? [] : read(chart, from, 'after', loop.trigger, at, `loop:${name}`);
  });
  return [...steps, ...loops];
}

function read(
  { scope, links, plan }: Chart,
  step: Step,
  when: 'before' | 'after',
  text: string | undefined,
  at: DataPath,
  asked: string | null,
): readonly WrittenCondition[] {
  if (text === undefined) return [];
  const rest = { params: Object.keys(plan.policies.params), partial: false };
  const result = readCondition(text, conditionNames(when, step, scope, links, rest));
  if (!result.ok) return [];
  return [{ condition: result.condition, at, self: when === 'after' ? step.id : null, asked }];
}
