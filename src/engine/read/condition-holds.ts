import type { Condition, Operator, Outcome } from '../../plan/condition.ts';
import { isObject, type Json } from '../../plan/json.ts';
import { readPath, splitPath } from '../../plan/read-path.ts';
import { patternMatches } from './pattern.ts';

/** What a condition may ask about. */
export interface ConditionFacts {
  /** The finished node's answer; null if it gave none. */
  readonly result: { readonly outcome: Outcome | null; readonly data: Json } | null;
  readonly text: string;
  /** Data of a visible output or parameter by name; undefined if there is none. */
  readonly outputs: (name: string) => Json | undefined;
}

export function conditionHolds(condition: Condition, facts: ConditionFacts): boolean {
  switch (condition.type) {
    case 'always':
      return true;
    case 'outcome':
      return condition.is.some((outcome) => outcome === facts.result?.outcome);
    case 'field':
      return valueHolds(
        readPath(facts.result?.data, condition.path),
        condition.op,
        condition.value ?? null,
      );
    case 'text':
      return textHolds(facts.text, condition.op, condition.value);
    case 'output': {
      const { head, rest } = splitPath(condition.path);
      return valueHolds(readPath(facts.outputs(head), rest), condition.op, condition.value ?? null);
    }
    case 'all':
      return condition.of.every((part) => conditionHolds(part, facts));
    case 'any':
      return condition.of.some((part) => conditionHolds(part, facts));
    case 'not':
      return !conditionHolds(condition.of, facts);
  }
}

/** Deep equality of JSON values; key order does not matter. */
export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, at) => sameJson(value, right[at]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}

function textHolds(text: string, op: Operator, value: string): boolean {
  if (op === 'matches') return patternMatches(value, text, true);
  if (op === 'exists') return text.trim() !== '';
  return valueHolds(text.trim().toLowerCase(), op, value.trim().toLowerCase());
}

const TESTS: Readonly<Record<Operator, (actual: Json | undefined, value: Json) => boolean>> = {
  equals: sameJson,
  not_equals: (actual, value) => !sameJson(actual, value),
  contains: holds,
  not_contains: (actual, value) => !holds(actual, value),
  starts_with: (actual, value) =>
    typeof actual === 'string' && typeof value === 'string' && actual.startsWith(value),
  matches: (actual, value) =>
    typeof actual === 'string' && typeof value === 'string' && patternMatches(value, actual, false),
  in: (actual, value) => actual !== undefined && Array.isArray(value) && holds(value, actual),
  gt: (actual, value) => compare(actual, value, (left, right) => left > right),
  gte: (actual, value) => compare(actual, value, (left, right) => left >= right),
  lt: (actual, value) => compare(actual, value, (left, right) => left < right),
  lte: (actual, value) => compare(actual, value, (left, right) => left <= right),
  exists: (actual, value) => (actual !== undefined && actual !== null) !== (value === false),
};

function valueHolds(actual: Json | undefined, op: Operator, value: Json): boolean {
  return TESTS[op](actual, value);
}

function holds(container: Json | undefined, value: Json): boolean {
  if (typeof container === 'string') return typeof value === 'string' && container.includes(value);
  if (Array.isArray(container)) return container.some((item: Json) => sameJson(item, value));
  return isObject(container) && typeof value === 'string' && Object.hasOwn(container, value);
}

function compare(
  actual: Json | undefined,
  value: Json,
  test: (left: number, right: number) => boolean,
): boolean {
  const left = toNumber(actual);
  const right = toNumber(value);
  return left !== null && right !== null && test(left, right);
}

function toNumber(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
