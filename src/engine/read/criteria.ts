import { isObject, type Json } from '../../plan/json.ts';
import type { Criterion } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';
import { conditionHolds, sameJson } from './condition-holds.ts';

export interface CriterionResult {
  readonly path: string;
  readonly op: string;
  readonly expected: Json;
  /** Also null when the field is missing; `problem` says so. */
  readonly actual: Json;
  readonly passed: boolean;
  readonly problem: string | null;
}

/** One row per criterion. A missing field or an unknown criterion fails and says so. */
export function evaluateCriteria(
  criteria: readonly Criterion[],
  data: Json,
): readonly CriterionResult[] {
  return criteria.map((criterion) => evaluateCriterion(criterion, data));
}

/** Nested criteria come as data: their `op` has not been checked yet. */
interface AnyCriterion {
  readonly path: string;
  readonly op: string;
  readonly value: Json;
}

type Test = (actual: Json, expected: Json) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  equals: sameJson,
  min: (actual, expected) => isNumber(actual) && isNumber(expected) && actual >= expected,
  max: (actual, expected) => isNumber(actual) && isNumber(expected) && actual <= expected,
  exists: (actual, expected) => isThere(actual) !== (expected === false),
  /** A list whose items are all among the expected ones. */
  within: (actual, expected) =>
    Array.isArray(actual) &&
    Array.isArray(expected) &&
    actual.every((item: Json) => expected.some((other: Json) => sameJson(item, other))),
  contains: (actual, expected) =>
    conditionHolds(
      { type: 'field', path: '', op: 'contains', value: expected },
      { result: { outcome: null, data: actual }, text: '', outputs: () => undefined },
    ),
};

function evaluateCriterion(criterion: AnyCriterion, data: Json): CriterionResult {
  const { path, op, value } = criterion;
  const row = { path, op, expected: value };
  if (op === 'any_of' || op === 'all_of') return evaluateNested(criterion, data);
  const actual = readPath(data, path);
  const test = Object.hasOwn(TESTS, op) ? TESTS[op] : undefined;
  if (test === undefined) {
    return { ...row, actual: null, passed: false, problem: `unknown criterion "${op}"` };
  }
  if (actual === undefined && !(op === 'exists' && value === false)) {
    return { ...row, actual: null, passed: false, problem: `there is no field "${path}"` };
  }
  return { ...row, actual: actual ?? null, passed: test(actual ?? null, value), problem: null };
}

/** With a path, a choice of values; without one, each entry is a criterion or a list of them that must all hold. */
function evaluateNested({ path, op, value }: AnyCriterion, data: Json): CriterionResult {
  const row = { path, op, expected: value, actual: null };
  if (!Array.isArray(value)) return { ...row, passed: false, problem: 'needs a list' };
  if (path !== '') return evaluateChoice({ path, op, value }, value, data);
  const entries = value.map((entry: Json) => {
    const parts: readonly Json[] = Array.isArray(entry) ? entry : [entry];
    return parts.map((part) => evaluatePart(part, data));
  });
  const holds = (results: readonly CriterionResult[]): boolean =>
    results.length > 0 && results.every((result) => result.passed);
  const passed = op === 'any_of' ? entries.some(holds) : entries.every(holds);
  const problem = entries.flat().find((result) => result.problem !== null)?.problem ?? null;
  return { ...row, passed, problem: passed ? null : problem };
}

/** `any_of`: the field is one of the values; `all_of`: it is a list or text that has them all. */
function evaluateChoice(
  { path, op, value }: AnyCriterion,
  wanted: readonly Json[],
  data: Json,
): CriterionResult {
  const row = { path, op, expected: value };
  const actual = readPath(data, path);
  if (actual === undefined) {
    return { ...row, actual: null, passed: false, problem: `there is no field "${path}"` };
  }
  const passed =
    op === 'any_of'
      ? wanted.some((option) => sameJson(actual, option))
      : wanted.every((part) => TESTS['contains']?.(actual, part) === true);
  return { ...row, actual, passed, problem: null };
}

function evaluatePart(part: Json, data: Json): CriterionResult {
  const path = isObject(part) ? part['path'] : undefined;
  const op = isObject(part) ? part['op'] : undefined;
  if (!isObject(part) || typeof path !== 'string' || typeof op !== 'string') {
    const row = { path: '', op: '', expected: part, actual: null };
    return { ...row, passed: false, problem: 'is no criterion' };
  }
  return evaluateCriterion({ path, op, value: part['value'] ?? null }, data);
}

function isThere(value: Json): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== null && value !== false && value !== '';
}

function isNumber(value: Json): value is number {
  return typeof value === 'number';
}
