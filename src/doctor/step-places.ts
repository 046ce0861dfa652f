import type { Step } from '../language/native/schema/step.ts';
import type { WorkflowDefinition } from '../language/native/syntax/definition.ts';
import { outputsInSight } from '../language/native/syntax/outputs-in-sight.ts';
import { type Link, linksOf, stepsBefore } from '../language/native/syntax/step-links.ts';
import { innerScope, rootScope, type StepScope } from '../language/native/syntax/step-scope.ts';

/** One list of steps of a file, and the graph of the plan it became. */
export interface PlacedScope {
  readonly graph: string;
  readonly scope: StepScope;
  readonly links: readonly Link[];
}

/** The file's own list of steps first, then those inside groups and foreach. */
export function scopesIn({ spec }: WorkflowDefinition): readonly PlacedScope[] {
  const found: PlacedScope[] = [];
  const visit = (scope: StepScope, graph: string): void => {
    const links = linksOf(scope);
    found.push({ graph, scope, links });
    for (const placed of scope.steps) {
      const { step } = placed;
      const visible = outputsInSight(step, scope, links);
      const inner = innerScope(placed, scope, visible, stepsBefore(step.id, links));
      if (inner !== null) visit(inner, `${graph}/${placed.step.id}`);
    }
  };
  const placed = spec.steps.map((step: Step, index) => ({ step, path: ['steps', index] }));
  visit(rootScope(placed, spec.loops), 'main');
  return found;
}
