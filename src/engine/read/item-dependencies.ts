import { isObject, type Json } from '../../plan/json.ts';

/**
 * Positions of the items this one must wait for: those its `depends_on` names by their `id`.
 * Only earlier items count, so a cycle cannot keep anything from starting.
 */
export function dependenciesOf(items: readonly Json[], index: number): readonly number[] {
  const item = items[index];
  const named = isObject(item) ? item['depends_on'] : undefined;
  if (!Array.isArray(named)) return [];
  return named.flatMap((name: Json) => {
    const at = items.findIndex((other) => isObject(other) && other['id'] === name);
    return at >= 0 && at < index ? [at] : [];
  });
}
