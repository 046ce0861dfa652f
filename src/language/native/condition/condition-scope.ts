import { nearest } from '../../problems/nearest.ts';
import type { Step } from '../schema/step.ts';
import { outputNameOf } from '../syntax/step-scope.ts';
import { ConditionError } from './condition-error.ts';
import type { PathTarget } from './condition-question.ts';
import type { ConditionPath, ConditionScope } from './parse-condition.ts';

export interface ConditionNames {
  /** The finished step that is asked about; null in `when`, which is evaluated before a step. */
  readonly self: Step | null;
  /** Outputs that exist at that time. */
  readonly outputs: readonly string[];
  /** Step id → its output, for steps that have one. */
  readonly outputOfStep: ReadonlyMap<string, string>;
  readonly params: readonly string[];
  readonly items: readonly string[];
  /** Not everything is known; unknown names pass. */
  readonly partial: boolean;
}

/** Says what the names in a condition mean in its place. */
export function conditionScope(names: ConditionNames): ConditionScope {
  return { resolve: (path) => resolve(path, names) };
}

function resolve(path: ConditionPath, names: ConditionNames): PathTarget {
  const [first = '', ...rest] = path.segments;
  const { self } = names;
  if (first === 'outcome' || first === 'text') {
    if (self === null) throw afterOnly(first, path);
    if (rest.length > 0) throw new ConditionError(`\`${first}\` has no fields.`, path.index);
    return { type: first };
  }
  if (first === 'result') {
    if (self === null) throw afterOnly(first, path);
    if (rest.length === 0)
      throw new ConditionError('`result` needs a field: result.<field>.', path.index);
    return { type: 'field', path: rest.join('.') };
  }
  if (first === 'params') return param(rest, path, names);
  if (first === 'outputs') return output(rest, path, names);
  const isSelf = self !== null && (first === self.id || first === outputNameOf(self));
  if (isSelf && rest.length > 0) return { type: 'field', path: rest.join('.') };
  return output(path.segments, path, names);
}

function afterOnly(name: string, path: ConditionPath): ConditionError {
  return new ConditionError(
    `\`${name}\` is asked of a step that has ended; here ask about an output, such as outputs.plan.scale.`,
    path.index,
  );
}

function param(rest: readonly string[], path: ConditionPath, names: ConditionNames): PathTarget {
  const [name] = rest;
  if (name !== undefined && (names.params.includes(name) || names.partial)) {
    return { type: 'output', path: rest.join('.') };
  }
  const message =
    name === undefined
      ? '`params` needs a name: params.<name>.'
      : `there is no parameter \`${name}\`.`;
  throw new ConditionError(
    message,
    path.index,
    name === undefined ? null : nearest(name, names.params),
  );
}

function output(
  segments: readonly string[],
  path: ConditionPath,
  names: ConditionNames,
): PathTarget {
  const [name = '', ...rest] = segments;
  const known = names.outputs.includes(name) || names.items.includes(name) || names.partial;
  if (known && name !== '') return { type: 'output', path: segments.join('.') };
  const byStep = names.outputOfStep.get(name);
  if (byStep !== undefined && names.outputs.includes(byStep)) {
    return { type: 'output', path: [byStep, ...rest].join('.') };
  }
  if (byStep !== undefined) {
    throw new ConditionError(
      `step \`${name}\` is not done when this is asked; add it to \`depends_on\`.`,
      path.index,
    );
  }
  const all = [...names.outputs, ...names.outputOfStep.keys(), ...names.items];
  throw new ConditionError(
    `there is no output \`${name}\` here.`,
    path.index,
    nearest(name, [...all, 'outcome', 'text', 'result', 'params']),
  );
}
