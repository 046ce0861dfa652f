import type { TextPosition } from '../../language/template/template-ast.ts';
import { TemplateError } from '../../language/template/template-error.ts';
import type { TestName } from '../../language/template/vocabulary.ts';
import { isDefined, requireDefined, type Value } from './template-value.ts';

type Test = (value: Value, at: TextPosition) => boolean;

/** What may follow `is`. */
export const TESTS: Readonly<Record<TestName, Test>> = {
  defined: (value) => isDefined(value),
  undefined: (value) => !isDefined(value),
  null: (value) => value.data === null && value.text === null,
  string: (value) => value.text !== null || typeof value.data === 'string',
  number: (value) => typeof value.data === 'number',
  mapping: (value) =>
    typeof value.data === 'object' && value.data !== null && !Array.isArray(value.data),
  iterable: (value) => Array.isArray(value.data),
  odd: (value, at) => Math.abs(integer(value, at) % 2) === 1,
  even: (value, at) => integer(value, at) % 2 === 0,
};

function integer(value: Value, at: TextPosition): number {
  const { data } = requireDefined(value, at);
  if (typeof data === 'number' && Number.isInteger(data)) return data;
  throw new TemplateError('template-value', `\`${value.label}\` is not a whole number`, at);
}
