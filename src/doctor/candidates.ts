import type { Json } from '../plan/json.ts';
import type { Atom } from './atoms.ts';
import { hasType, type ValueRange } from './value-range.ts';

/** A question about one value: everything but the place it is about. */
export type ValueAtom = Exclude<Atom, { type: 'outcome' }>;

const MAX_PARTS = 5;

/**
 * Values that answer the questions in every way the range allows: one example for each case that
 * they can tell apart. `undefined` if nothing is there. Null if that cannot be determined.
 */
export function candidatesFor(
  atoms: readonly ValueAtom[],
  range: ValueRange,
): readonly (Json | undefined)[] | null {
  const missing = range.mayBeMissing ? [undefined] : [];
  if (range.values !== null) return [...range.values, ...missing];
  const operands = atoms.flatMap(({ op, value }) => {
    const wanted = value ?? null;
    return op === 'in' && Array.isArray(wanted) ? wanted : [wanted];
  });
  if (atoms.some(({ op }) => op === 'matches')) return null;
  const parts = partsOf(atoms);
  if (parts.length > MAX_PARTS) return null;
  const values = [
    ...operands.flatMap(asWritten),
    ...textsOf(atoms, parts),
    ...numbersAround(operands, range),
    ...listsOf(parts, range),
    ...objectsOf(parts),
    true,
    false,
    null,
  ];
  const allowed = values.filter((value) => isAllowed(value, range));
  return [...distinct(allowed), ...missing];
}

function partsOf(atoms: readonly ValueAtom[]): readonly Json[] {
  const wanted = atoms.flatMap(({ op, value }) =>
    (op === 'contains' || op === 'not_contains') && value !== undefined ? [value] : [],
  );
  return distinct(wanted);
}

/** Conditions read numbers in texts, and texts that are numbers. */
function asWritten(operand: Json): readonly Json[] {
  const number = typeof operand === 'string' && operand.trim() !== '' ? Number(operand) : NaN;
  return Number.isFinite(number) ? [operand, number] : [operand];
}

/** Each mentioned number, one between each two of them, one below and one above all. */
function numbersAround(operands: readonly Json[], range: ValueRange): readonly number[] {
  const mentioned = [...operands.flatMap(asWritten), range.minimum, range.maximum].filter(
    (value): value is number => typeof value === 'number',
  );
  if (mentioned.length === 0) return [1];
  const sorted = [...new Set(mentioned)].toSorted((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  const between = sorted.slice(1).flatMap((high, at) => {
    const low = sorted[at] ?? high;
    return [(low + high) / 2, Math.floor(low) + 1, Math.ceil(high) - 1];
  });
  return [Math.floor(first) - 1, ...sorted, ...between, Math.ceil(last) + 1];
}

function textsOf(atoms: readonly ValueAtom[], parts: readonly Json[]): readonly string[] {
  const starts = atoms.flatMap(({ op, value }) =>
    op === 'starts_with' && typeof value === 'string' ? [value] : [],
  );
  const words = parts.filter((part): part is string => typeof part === 'string');
  const bodies = subsetsOf(words).map((subset) => subset.join(' '));
  const heads = ['', ...starts];
  return ['', 'something else', ...heads.flatMap((head) => bodies.map((body) => head + body))];
}

function listsOf(parts: readonly Json[], { minItems }: ValueRange): readonly Json[] {
  const filler = Array.from({ length: minItems }, (_, index) => `item ${index + 1}`);
  const lists = subsetsOf(parts).map((subset) => [...subset, ...filler.slice(subset.length)]);
  return [...lists, ['something else', ...filler.slice(1)]];
}

function objectsOf(parts: readonly Json[]): readonly Json[] {
  const keys = parts.filter((part): part is string => typeof part === 'string');
  const sets = [...subsetsOf(keys), ['something else']];
  return sets.map((subset) => Object.fromEntries(subset.map((key) => [key, true])));
}

function subsetsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  let subsets: readonly (readonly T[])[] = [[]];
  for (const item of items) {
    subsets = [...subsets, ...subsets.map((subset): readonly T[] => [...subset, item])];
  }
  return subsets;
}

function isAllowed(value: Json, { types, minimum, maximum, minItems }: ValueRange): boolean {
  if (types !== null && !types.some((type) => hasType(value, type))) return false;
  if (typeof value === 'number') {
    return (minimum === null || value >= minimum) && (maximum === null || value <= maximum);
  }
  return !Array.isArray(value) || value.length >= minItems;
}

function distinct(values: readonly Json[]): readonly Json[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
