import { nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';
import type { ProblemCode } from '../../problems/problem.ts';
import type { CallSpec } from '../schema/work.ts';
import type { WorkflowDefinition } from '../syntax/definition.ts';
import { outputsOf } from '../syntax/step-scope.ts';

interface CallProblem {
  readonly at: DataPath;
  readonly code: ProblemCode;
  readonly message: string;
  readonly suggestion: string | null;
}

/** Whether a call gives the other workflow what it asks for, and nothing else. */
export function callProblems(
  spec: CallSpec,
  callee: WorkflowDefinition,
  path: DataPath,
): readonly CallProblem[] {
  const declared = callee.spec.params;
  const { name: workflow } = callee.spec;
  const strange = Object.keys(spec.params).filter((name) => !Object.hasOwn(declared, name));
  const missing = Object.entries(declared).filter(
    ([name, param]) => param.required && !Object.hasOwn(spec.params, name),
  );
  return [
    ...strange.map((name) => ({
      at: [...path, 'call', 'params', name],
      code: 'unknown-param' as const,
      message: `workflow \`${workflow}\` has no parameter \`${name}\`.`,
      suggestion: nearest(name, Object.keys(declared)),
    })),
    ...unknownReturns(spec, callee, path),
    ...missing.map(([name]) => ({
      at: [...path, 'call'],
      code: 'missing-key' as const,
      message: `workflow \`${workflow}\` needs the parameter \`${name}\`.`,
      suggestion: null,
    })),
  ];
}

/** What a workflow returns must be outputs of its own steps. */
function unknownReturns(
  { returns }: CallSpec,
  callee: WorkflowDefinition,
  path: DataPath,
): readonly CallProblem[] {
  const outputs = callee.spec.steps.flatMap(outputsOf);
  return Object.entries(returns ?? {})
    .filter(([, inside]) => !outputs.includes(inside))
    .map(([name, inside]) => ({
      at: [...path, 'call', 'returns', name],
      code: 'unknown-output',
      message: `no step of workflow \`${callee.spec.name}\` has the output \`${inside}\`.`,
      suggestion: nearest(inside, outputs),
    }));
}

/** Defaults of the parameters a call leaves out, as templates of themselves. */
export function defaultParams(callee: WorkflowDefinition): Record<string, string> {
  const entries = Object.entries(callee.spec.params).flatMap(([name, param]) =>
    param.default === undefined ? [] : [[name, literal(String(param.default))] as const],
  );
  return Object.fromEntries(entries);
}

function literal(text: string): string {
  return /[{$]/.test(text) ? `{% raw %}${text}{% endraw %}` : text;
}
