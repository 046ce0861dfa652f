import { isObject, type Json, type JsonObject } from '../../plan/json.ts';

/** A value a JSON Schema allows, with names in brackets in place of text: `[plan.scope]`. */
export function sampleOf(schema: JsonObject, label: string): Json {
  const { const: fixed, enum: listed, type, properties, items, minimum } = schema;
  if (fixed !== undefined) return fixed;
  if (isList(listed)) return listed[0] ?? null;
  const kind = isList(type) ? type[0] : type;
  if (isObject(properties)) {
    const fields = Object.entries(properties).map(([name, inner]): [string, Json] => [
      name,
      isObject(inner) ? sampleOf(inner, `${label}.${name}`) : `[${label}.${name}]`,
    ]);
    return Object.fromEntries(fields);
  }
  if (kind === 'array') {
    return [isObject(items) ? sampleOf(items, `${label}[0]`) : `[${label}[0]]`];
  }
  if (kind === 'integer' || kind === 'number') return typeof minimum === 'number' ? minimum : 0;
  return typeof kind === 'string' ? (SIMPLE[kind] ?? `[${label}]`) : `[${label}]`;
}

const SIMPLE: Readonly<Record<string, Json>> = { object: {}, boolean: true };

/** The same value with every requested field in it. */
export function withPath(value: Json, path: readonly string[], label: string): Json {
  const [first, ...rest] = path;
  if (first === undefined || first === '*') return value ?? `[${label}]`;
  const name = `${label}.${first}`;
  if (Array.isArray(value)) return value;
  const fields = isObject(value) ? value : {};
  const inner = Object.hasOwn(fields, first) ? (fields[first] ?? null) : null;
  return {
    ...fields,
    [first]: inner === null || rest.length > 0 ? withPath(inner, rest, name) : inner,
  };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
