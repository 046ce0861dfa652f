import type {
  BinaryOperator,
  CompareOperator,
  Expression,
  Template,
  TextPosition,
} from '../../language/template/template-ast.ts';
import { TemplateError } from '../../language/template/template-error.ts';
import type { Json } from '../../plan/json.ts';
import { FILTERS } from './filters.ts';
import { lookUp } from './look-up.ts';
import type { Meter } from './meter.ts';
import type { TemplateScope } from './scope.ts';
import { isTrue, requireDefined, textOf, type Value, valueOf } from './template-value.ts';
import { TESTS } from './tests.ts';

export interface Machine {
  readonly meter: Meter;
  /** Runs statements into a text; used for the body of `{% set %}` and `{% filter %}`. */
  readonly capture: (body: Template, scope: TemplateScope, at: TextPosition) => Value;
}

/** Computes an expression. Reads own data only; calls nothing but our filters and tests. */
export function evaluate(expression: Expression, scope: TemplateScope, machine: Machine): Value {
  const { at } = expression;
  machine.meter.spend(1, at);
  const inner = (child: Expression): Value => evaluate(child, scope, machine);
  const data = (child: Expression): Value => requireDefined(inner(child), child.at);
  switch (expression.type) {
    case 'literal':
      return valueOf(expression.value, null);
    case 'name':
      return scope.find(expression.name);
    case 'member':
      return lookUp(inner(expression.target), data(expression.key), expression.key.at);
    case 'list':
      return combine(expression.items.map(data), (items) => items);
    case 'map': {
      const names = expression.entries.map(([name]) => name);
      const values = expression.entries.map(([, value]) => data(value));
      return combine(values, (items) =>
        Object.fromEntries(items.map((item, index) => [names[index] ?? '', item])),
      );
    }
    case 'unary':
      return expression.op === 'not'
        ? valueOf(!isTrue(inner(expression.target)), null)
        : negate(expression.op, data(expression.target), at);
    case 'compare':
      return valueOf(compareAll(inner(expression.first), expression.rest, inner, machine), null);
    case 'choice':
      if (isTrue(inner(expression.condition))) return inner(expression.value);
      return expression.otherwise === null ? valueOf('', null) : inner(expression.otherwise);
    case 'binary':
      return binary(expression.op, expression.left, expression.right, inner, machine, at);
    case 'test':
      return valueOf(TESTS[expression.name](inner(expression.target), at), null);
    case 'filter': {
      const call = { meter: machine.meter, at };
      return FILTERS[expression.name](inner(expression.input), expression.args.map(data), call);
    }
    case 'capture':
      return machine.capture(expression.body, scope, at);
  }
}

function combine(values: readonly Value[], build: (items: readonly Json[]) => Json): Value {
  const items = values.map((value) => value.data ?? value.text ?? null);
  return valueOf(build(items), originOf(values));
}

function originOf(values: readonly Value[]): string | null {
  return values.find((value) => value.origin !== null)?.origin ?? null;
}

function binary(
  op: BinaryOperator,
  left: Expression,
  right: Expression,
  inner: (child: Expression) => Value,
  machine: Machine,
  at: TextPosition,
): Value {
  if (op === 'And' || op === 'Or') {
    const first = inner(left);
    return isTrue(first) === (op === 'Or') ? first : inner(right);
  }
  const a = requireDefined(inner(left), left.at);
  const b = requireDefined(inner(right), right.at);
  if (op === 'In') return valueOf(contains(b, a, machine.meter, at), null);
  if (op === 'Concat' || (op === 'Add' && !areNumbers(a, b))) {
    const joined = [textOf(a, machine.meter, at), textOf(b, machine.meter, at)] as const;
    machine.meter.allowText(joined[0].length + joined[1].length, at);
    return valueOf(joined[0] + joined[1], originOf([a, b]));
  }
  return valueOf(ARITHMETIC[op](numberOf(a, at), numberOf(b, at)), null);
}

const ARITHMETIC: Readonly<
  Record<Exclude<BinaryOperator, 'And' | 'Or' | 'In' | 'Concat'>, (a: number, b: number) => number>
> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  FloorDiv: (a, b) => Math.floor(a / b),
  Mod: (a, b) => a % b,
  Pow: (a, b) => a ** b,
};

function areNumbers(a: Value, b: Value): boolean {
  return typeof a.data === 'number' && typeof b.data === 'number';
}

function numberOf(value: Value, at: TextPosition): number {
  if (typeof value.data === 'number') return value.data;
  throw new TemplateError('template-value', `\`${value.label}\` is not a number`, at);
}

function negate(op: 'minus' | 'plus', value: Value, at: TextPosition): Value {
  const number = numberOf(value, at);
  return valueOf(op === 'minus' ? -number : number, null);
}

function compareAll(
  first: Value,
  rest: readonly { readonly op: CompareOperator; readonly value: Expression }[],
  inner: (child: Expression) => Value,
  machine: Machine,
): boolean {
  let left = first;
  for (const { op, value } of rest) {
    const right = inner(value);
    if (!compare(op, left, right, machine.meter, value.at)) return false;
    left = right;
  }
  return true;
}

function compare(op: CompareOperator, a: Value, b: Value, meter: Meter, at: TextPosition): boolean {
  const left = scalarOf(a, at);
  const right = scalarOf(b, at);
  if (typeof left === 'string') meter.spendText(left.length, at);
  if (op === '==') return left === right;
  if (op === '!=') return left !== right;
  for (const value of [a, b]) requireDefined(value, at);
  const order = orderOf(left, right);
  if (order === null) {
    throw new TemplateError('template-value', `${op} compares two numbers or two texts`, at);
  }
  return { '<': order < 0, '>': order > 0, '<=': order <= 0, '>=': order >= 0 }[op];
}

function orderOf(a: Scalar, b: Scalar): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') return null;
  return a < b ? -1 : Number(a > b);
}

/** An unset value equals nothing, so that conditions can ask about it. */
type Scalar = string | number | boolean | null | undefined;

function scalarOf(value: Value, at: TextPosition): Scalar {
  const data = value.text ?? value.data;
  if (data === null || typeof data !== 'object') return data;
  throw new TemplateError(
    'template-value',
    `\`${value.label}\` is a list or a map and cannot be compared`,
    at,
  );
}

function contains(where: Value, what: Value, meter: Meter, at: TextPosition): boolean {
  const needle = scalarOf(what, at) ?? null;
  const { data } = where;
  if (Array.isArray(data)) {
    meter.spend(data.length, at);
    return data.includes(needle);
  }
  if (typeof data === 'object' && data !== null) return Object.hasOwn(data, String(needle));
  const text = textOf(where, meter, at);
  const part = String(needle);
  // A search may compare each character with each; paid for before it starts.
  meter.spend(1 + text.length / 64 + (text.length * part.length) / 4096, at);
  return text.includes(part);
}
