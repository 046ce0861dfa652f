import { isObject, type Json, type JsonObject } from '../plan/json.ts';

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';

/** Which values a result contract allows at one place. */
export interface ValueRange {
  /** The only possible values; null if they are not listed. */
  readonly values: readonly Json[] | null;
  /** Null for any type. */
  readonly types: readonly JsonType[] | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly minItems: number;
  /** Nothing has to be there. */
  readonly mayBeMissing: boolean;
  /** The contract does not name it. */
  readonly isUnnamed: boolean;
}

export const ANYTHING: ValueRange = {
  values: null,
  types: null,
  minimum: null,
  maximum: null,
  minItems: 0,
  mayBeMissing: true,
  isUnnamed: false,
};

/** Nothing can be there: the contract forbids the field. */
const NOTHING: ValueRange = { ...ANYTHING, values: [], isUnnamed: true };

/** The range of a dotted path. Parts of a schema that are not understood allow anything. */
export function rangeAt(schema: JsonObject, path: string): ValueRange {
  let current: JsonObject = schema;
  let mayBeMissing = false;
  for (const part of path === '' ? [] : path.split('.')) {
    if (part === 'length' || isComposed(current)) return ANYTHING;
    const properties = current['properties'];
    const inner = isObject(properties) && Object.hasOwn(properties, part) ? properties[part] : null;
    if (!isObject(inner)) return unnamed(current);
    mayBeMissing ||= !isRequired(current, part);
    current = inner;
  }
  return isComposed(current) ? ANYTHING : { ...rangeOf(current), mayBeMissing };
}

function unnamed(schema: JsonObject): ValueRange {
  if (schema['additionalProperties'] === false) return NOTHING;
  const saysNothing = !isObject(schema['properties']);
  return saysNothing ? ANYTHING : { ...ANYTHING, isUnnamed: true };
}

function rangeOf(schema: JsonObject): Omit<ValueRange, 'mayBeMissing'> {
  const { enum: listed, type, minimum, maximum, minItems } = schema;
  return {
    values: 'const' in schema ? [schema['const'] ?? null] : isList(listed) ? listed : null,
    types: typesOf(type),
    minimum: typeof minimum === 'number' ? minimum : null,
    maximum: typeof maximum === 'number' ? maximum : null,
    minItems: typeof minItems === 'number' ? minItems : 0,
    isUnnamed: false,
  };
}

export function hasType(value: Json, type: JsonType): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}

const TYPES: ReadonlySet<string> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'null',
  'array',
  'object',
]);

function typesOf(type: Json | undefined): readonly JsonType[] | null {
  const named = (isList(type) ? type : [type]).filter(
    (name): name is JsonType => typeof name === 'string' && TYPES.has(name),
  );
  return named.length === 0 ? null : named;
}

function isRequired(schema: JsonObject, name: string): boolean {
  const { required } = schema;
  return isList(required) && required.includes(name);
}

/** Alternatives and references are left to the validator. */
function isComposed(schema: JsonObject): boolean {
  return ['anyOf', 'oneOf', 'allOf', '$ref', 'if', 'not', 'patternProperties'].some(
    (key) => key in schema,
  );
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
