import type { z } from 'zod';
import { didYouMean, nearest } from '../../problems/nearest.ts';
import type { DataPath, Locations, Position } from '../../problems/positions.ts';
import type { Problem, ProblemCode } from '../../problems/problem.ts';
import { DurationText } from '../schema/common.ts';
import { knownKeysAt, schemasAt } from '../schema/known-keys.ts';

type Issue = z.core.$ZodIssue;

export interface IssueSource {
  readonly path: string;
  /** What the file is, in one word. */
  readonly noun: string;
  readonly schema: z.ZodType;
  readonly data: unknown;
  readonly positions: Locations;
  /** Keys of other tools and what they are called here. */
  readonly foreignKeys: Readonly<Record<string, string>>;
}

/** Says in plain words, with line and column, what zod found. */
export function explainIssues(issues: readonly Issue[], source: IssueSource): readonly Problem[] {
  return issues.flatMap((issue) => explain(issue, [], source));
}

function explain(issue: Issue, base: DataPath, source: IssueSource): readonly Problem[] {
  const path = [...base, ...issue.path.filter((part) => typeof part !== 'symbol')];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      knownKeysAt(source.schema, path).includes(key)
        ? keyApart(key, issue.keys, path, source)
        : unknownKey(key, path, source),
    );
  }
  if (issue.code === 'invalid_union') return explainUnion(issue, path, source);
  return [
    issue.code === 'invalid_key' ? badName(issue, path, source) : explainValue(issue, path, source),
  ];
}

function badName(
  issue: Extract<Issue, { code: 'invalid_key' }>,
  path: DataPath,
  source: IssueSource,
): Problem {
  const rule = issue.issues[0]?.message ?? 'another spelling';
  const message = `\`${path.at(-1)}\` cannot stand here; this must be ${rule}.`;
  return problem(source, source.positions.ofKey(path), 'bad-value', message);
}

function problem(
  source: IssueSource,
  at: Position,
  code: ProblemCode,
  message: string,
  suggestion: string | null = null,
): Problem {
  return {
    path: source.path,
    ...at,
    code,
    message: message + didYouMean(suggestion),
    ...(suggestion === null ? {} : { suggestion }),
  };
}

function unknownKey(key: string, path: DataPath, source: IssueSource): Problem {
  const known = knownKeysAt(source.schema, path);
  const foreign = source.foreignKeys[key];
  const meant = foreign !== undefined && known.includes(foreign) ? foreign : nearest(key, known);
  const where = path.length === 0 ? `a ${source.noun}` : placeName(path);
  const list = meant === null ? `; it has ${known.join(', ')}` : '';
  const at = source.positions.ofKey([...path, key]);
  return problem(source, at, 'unknown-key', `${where} has no key \`${key}\`${list}.`, meant);
}

/** The key is known, but to another form of the map than the keys beside it. */
function keyApart(
  key: string,
  strange: readonly string[],
  path: DataPath,
  source: IssueSource,
): Problem {
  const beside = Object.keys(valueAt(source.data, path) ?? {})
    .filter((other) => !strange.includes(other))
    .map((other) => `\`${other}\``);
  const message = `${placeName(path)} has \`${key}\` or ${orList(beside)}, not both.`;
  return problem(source, source.positions.ofKey([...path, key]), 'conflict', message);
}

/** `a step`, `approval`, `loops.retry`: the thing a path leads to. */
function placeName(path: DataPath): string {
  const last = path.at(-1);
  if (typeof last === 'number')
    return path.at(-2) === 'steps' ? 'a step' : `an item of \`${path.at(-2)}\``;
  return `\`${last}\``;
}

function labelOf(path: DataPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `\`${path.at(-2) ?? ''}[${last}]\`` : `\`${last}\``;
}

function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: DataPath,
  source: IssueSource,
): readonly Problem[] {
  const deep = issue.errors.filter((branch) => !branch.some(isWrongRoot));
  const [best] = deep.toSorted((a, b) => a.length - b.length);
  if (best !== undefined) {
    // Which of several maps was meant is not known, so what it lacks is not reported.
    const strange = best.filter(({ code }) => code === 'unrecognized_keys');
    const told = deep.length > 1 && strange.length > 0 ? strange : best;
    return told.flatMap((inner) => explain(inner, path, source));
  }
  const value = valueAt(source.data, path);
  const expected = [...new Set(issue.errors.flat().filter(isWrongRoot).map(expectation))];
  const at = source.positions.ofValue(path);
  const words = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
  const meant = typeof value === 'string' ? nearest(value, words.map(String)) : null;
  return [
    problem(
      source,
      at,
      'wrong-type',
      `${labelOf(path)} must be ${orList(expected)}, not ${describeValue(value)}.`,
      meant,
    ),
  ];
}

/** The value is of another type altogether, so its contents were not checked. */
function isWrongRoot(issue: Issue): boolean {
  return (
    issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
  );
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return TYPE_NAMES[issue.expected] ?? issue.expected;
  return issue.code === 'invalid_value'
    ? orList(issue.values.map((value) => `\`${String(value)}\``))
    : 'something else';
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function explainValue(issue: Issue, path: DataPath, source: IssueSource): Problem {
  const value = valueAt(source.data, path);
  const at = source.positions.ofValue(path);
  const label = labelOf(path);
  if (value === undefined && issue.code !== 'custom') {
    const where = path.length === 1 ? `the ${source.noun}` : placeName(path.slice(0, -1));
    return problem(source, at, 'missing-key', `${where} needs the key ${label}.`);
  }
  if (issue.code === 'invalid_type') {
    const message = isBareDuration(value, path, source)
      ? unitMissing(label, value)
      : wrongType(label, issue.expected, value);
    return problem(source, at, 'wrong-type', message);
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const meant = typeof value === 'string' ? nearest(value, values) : null;
    const list = orList(values.map((option) => `\`${option}\``));
    const message = `${label} must be ${list}, not ${describeValue(value)}.`;
    return problem(source, at, 'bad-value', message, meant);
  }
  if (issue.code === 'invalid_format' && isBareDuration(value, path, source)) {
    return problem(source, at, 'bad-value', unitMissing(label, value));
  }
  return problem(source, at, 'bad-value', badValue(label, issue, value));
}

function unitMissing(label: string, value: unknown): string {
  return `${label} needs a unit: write \`${String(value)}s\` for seconds, or m, h or d.`;
}

function isBareDuration(value: unknown, path: DataPath, { schema }: IssueSource): boolean {
  const wanted: readonly z.ZodType[] = [DurationText];
  return (
    (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))) &&
    schemasAt(schema, path).some((option) => wanted.includes(option))
  );
}

function badValue(label: string, issue: Issue, value: unknown): string {
  if (issue.code === 'too_small') return tooSmall(label, issue);
  if (issue.code === 'too_big') return tooBig(label, issue);
  if (issue.code === 'custom') return `${label} ${issue.message}.`;
  if (issue.code !== 'invalid_format') return `${label}: ${issue.message}.`;
  return `${label} must be ${issue.message}; ${describeValue(value)} is not.`;
}

/** Words other languages have for `true` and `false`. */
const TRUTHS: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  y: true,
  no: false,
  off: false,
  n: false,
};

function notBoolean(label: string, value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const word = value.toLowerCase();
  if (word === 'true' || word === 'false')
    return `${label} must be \`${word}\` itself, and this is text; write it ${value === word ? 'without quotes' : 'in lower case, without quotes'}.`;
  const meant = TRUTHS[word];
  return meant === undefined
    ? null
    : `${label} must be \`true\` or \`false\`, not \`${value}\`; write \`${meant}\`.`;
}

function wrongType(label: string, expected: string, value: unknown): string {
  const truth = expected === 'boolean' ? notBoolean(label, value) : null;
  if (truth !== null) return truth;
  const wanted = TYPE_NAMES[expected] ?? expected;
  const quote =
    expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')
      ? ' Put quotes around it.'
      : '';
  const braces =
    expected === 'string' && typeof value === 'object' && value !== null
      ? ' Put quotes around text that starts with { or [.'
      : '';
  const list =
    expected === 'array' && typeof value === 'string' ? ` Write [${value.slice(0, 60)}].` : '';
  return `${label} must be ${wanted}, not ${describeValue(value)}.${quote}${braces}${list}`;
}

function tooSmall(label: string, issue: Extract<Issue, { code: 'too_small' }>): string {
  if (issue.origin === 'string') return `${label} must not be empty.`;
  if (issue.origin === 'array')
    return `${label} needs at least ${issue.minimum === 1 ? 'one item' : `${issue.minimum} items`}.`;
  return `${label} must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}.`;
}

function tooBig(label: string, issue: Extract<Issue, { code: 'too_big' }>): string {
  if (issue.origin === 'string') return `${label} must have at most ${issue.maximum} characters.`;
  if (issue.origin === 'array') return `${label} must have at most ${issue.maximum} items.`;
  return `${label} must be at most ${issue.maximum}.`;
}

function describeValue(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'infinite';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}

function orList(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? 'something else';
  return `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}

function valueAt(data: unknown, path: DataPath): unknown {
  let value: unknown = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return value;
}
