import type { WorkflowDefinition } from '../language/native/syntax/definition.ts';
import { outputsOf } from '../language/native/syntax/step-scope.ts';
import type { Diagnosis } from '../language/problems/diagnosis.ts';
import { didYouMean, nearest } from '../language/problems/nearest.ts';

/** What a call for help should show must be made by some step. Other dialects have their own names for it. */
export function examineEscalation(definition: WorkflowDefinition): readonly Diagnosis[] {
  const { spec, path, positions, dialect = 'native' } = definition;
  if (dialect !== 'native') return [];
  const outputs = spec.steps.flatMap(outputsOf);
  return (spec.escalation?.context ?? []).flatMap((name, index) => {
    if (outputs.includes(name)) return [];
    const suggestion = nearest(name, outputs);
    return [
      {
        path,
        ...positions.ofValue(['escalation', 'context', index]),
        rule: 'unknown-output' as const,
        severity: 'error' as const,
        message: `no step has the output \`${name}\`, so there is nothing to show.${didYouMean(suggestion)}`,
        ...(suggestion === null ? {} : { suggestion }),
      },
    ];
  });
}
