import { isRecord } from '../../is-record.ts';

export type Shape = Readonly<Record<string, unknown>>;

export function isShape(value: unknown): value is Shape {
  return isRecord(value);
}

/** The items of `steps` that are maps; none if there is no such list. */
export function stepsOf(data: unknown): readonly Shape[] {
  const steps: unknown = isShape(data) ? data['steps'] : undefined;
  return Array.isArray(steps) ? steps.filter(isShape) : [];
}

export function hasAny(shape: Shape, keys: readonly string[]): boolean {
  return keys.some((key) => Object.hasOwn(shape, key));
}
