import type { DataPath } from '../../problems/positions.ts';
import { hasAny, isShape, type Shape, stepsOf } from '../shape.ts';

export interface FoundUnit {
  readonly data: Shape;
  readonly path: DataPath;
  /** Its key in a store of several units. */
  readonly key: string | null;
}

const UNIT_KEYS = ['workflow_name', 'step_instructions', 'params_schema'];
const STEP_KEYS = ['step_type', 'workflow_ref', 'result_schema', 'invokes'];

/** The units of a file: itself, the items of a list, or the values of a map by name. */
export function findUnits(data: unknown): readonly FoundUnit[] {
  if (isUnit(data)) return [{ data, path: [], key: null }];
  if (Array.isArray(data)) {
    return allUnits(data.map((unit: unknown, index) => ({ data: unit, path: [index], key: null })));
  }
  if (!isShape(data)) return [];
  return allUnits(Object.entries(data).map(([key, unit]) => ({ data: unit, path: [key], key })));
}

/** The candidates if every one of them is a unit, else none. */
function allUnits(
  candidates: readonly (Omit<FoundUnit, 'data'> & { readonly data: unknown })[],
): readonly FoundUnit[] {
  const units = candidates.flatMap(({ data, ...rest }) =>
    isUnit(data) ? [{ data, ...rest }] : [],
  );
  return units.length === candidates.length ? units : [];
}

function isUnit(data: unknown): data is Shape {
  if (!isShape(data)) return false;
  return hasAny(data, UNIT_KEYS) || stepsOf(data).some((step) => hasAny(step, STEP_KEYS));
}
