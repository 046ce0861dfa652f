import type { Step } from '../schema/step.ts';
import { type Link, stepsBefore } from './step-links.ts';
import { outputsOf, type StepScope } from './step-scope.ts';

/** Outputs that exist when a step starts: made before it, here or outside. */
export function outputsBefore(
  step: Step,
  scope: StepScope,
  links: readonly Link[],
): readonly string[] {
  const earlier = step.finally ? null : stepsBefore(step.id, links);
  const names = new Set(scope.outerOutputs);
  for (const { step: other } of scope.steps) {
    if (other === step || earlier?.has(other.id) === false) continue;
    for (const name of outputsOf(other)) names.add(name);
  }
  return [...names];
}

/** Of the outputs before it, those the step may see. */
export function outputsInSight(
  step: Step,
  scope: StepScope,
  links: readonly Link[],
): readonly string[] {
  const before = outputsBefore(step, scope, links);
  const wanted =
    step.inputs === undefined ? null : new Set([...step.inputs, ...step.required_inputs]);
  return wanted === null ? before : before.filter((name) => wanted.has(name));
}
