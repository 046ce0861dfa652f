import type { Json } from '../plan/json.ts';

/** A text among the facts kept with a posted report; null if missing. */
export function textIn(facts: Json, key: string): string | null {
  const value = valueIn(facts, key);
  return typeof value === 'string' ? value : null;
}

/** A number among the facts kept with a posted report; null if missing. */
export function numberIn(facts: Json, key: string): number | null {
  const value = valueIn(facts, key);
  return typeof value === 'number' ? value : null;
}

export function valueIn(facts: Json, key: string): unknown {
  return new Map<string, unknown>(Object.entries(facts ?? {})).get(key);
}
