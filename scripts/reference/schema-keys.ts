import { z } from 'zod';
import { unwrap } from '#src/language/native/schema/known-keys.ts';

/** One key of a schema, ready to be described. */
export interface SchemaKey {
  /** From the root: `steps`, `approval`, `revise`, `to`. Lists and named entries add nothing. */
  readonly path: readonly string[];
  readonly type: string;
  readonly required: boolean;
  readonly fallback: string | null;
  readonly description: string;
  readonly example: string;
  /** Whether its keys stand in one map, in each item of a list or under names of one's own. */
  readonly holds: 'map' | 'list' | 'names';
  readonly children: readonly SchemaKey[];
}

/** Every key of a schema with what is said about it. A schema met again inside itself is left out. */
export function schemaKeys(
  schema: unknown,
  path: readonly string[] = [],
  open: readonly unknown[] = [],
): readonly SchemaKey[] {
  return objectsIn(schema)
    .filter((object) => !open.includes(object))
    .flatMap((object) =>
      Object.entries(object.shape).map(([key, value]) =>
        describeKey([...path, key], value, [...open, object]),
      ),
    );
}

function describeKey(
  path: readonly string[],
  schema: unknown,
  open: readonly unknown[],
): SchemaKey {
  const { description = '', example = '' } = metaOf(schema);
  const fallback = schema instanceof z.ZodDefault ? fallbackText(schema.def.defaultValue) : null;
  return {
    path,
    type: typeOf(schema),
    required: fallback === null && !(schema instanceof z.ZodOptional),
    fallback: fallback === '' || fallback === '[]' || fallback === '{}' ? null : fallback,
    description,
    example: typeof example === 'string' ? example : '',
    holds: holdsOf(schema),
    children: schemaKeys(schema, path, open),
  };
}

function fallbackText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface Meta {
  readonly description?: string | undefined;
  readonly [key: string]: unknown;
}

/** A default or an absence around a schema that is described does not hide the description. */
function metaOf(schema: unknown): Meta {
  const own = schema instanceof z.ZodType ? schema.meta() : undefined;
  if (own !== undefined) return own;
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return wrapped ? metaOf(schema.unwrap()) : {};
}

function holdsOf(schema: unknown): SchemaKey['holds'] {
  const options = unwrap(schema);
  if (options.some((option) => option instanceof z.ZodRecord)) return 'names';
  const isList = options.some(
    (option) => option instanceof z.ZodArray && objectsIn(option).length > 0,
  );
  return isList && !options.some((option) => option instanceof z.ZodObject) ? 'list' : 'map';
}

/** The maps inside a schema: itself, the items of a list, the values of named entries. */
function objectsIn(schema: unknown): readonly z.ZodObject[] {
  return unwrap(schema).flatMap((option): readonly z.ZodObject[] => {
    if (option instanceof z.ZodObject) return [option];
    if (option instanceof z.ZodArray) return objectsIn(option.element);
    if (option instanceof z.ZodRecord) return objectsIn(option.valueType);
    return [];
  });
}

function typeOf(schema: unknown): string {
  const names = branches(schema).map(nameOf);
  return [...new Set(names)].join(' or ');
}

function branches(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return branches(schema.unwrap());
  }
  return schema instanceof z.ZodUnion
    ? schema.options.flatMap((option) => branches(option))
    : [schema];
}

function nameOf(schema: unknown): string {
  if (schema instanceof z.ZodPipe) return 'duration';
  if (schema instanceof z.ZodEnum)
    return schema.options.map((option) => `\`${option}\``).join(', ');
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].map((value) => `\`${String(value)}\``).join(', ');
  if (schema instanceof z.ZodArray) return `list of ${typeOf(schema.element)}`;
  if (schema instanceof z.ZodRecord) return `names, each with ${typeOf(schema.valueType)}`;
  if (schema instanceof z.ZodString) return 'text';
  if (schema instanceof z.ZodBoolean) return '`true`, `false`';
  if (schema instanceof z.ZodNumber) return schema.format === 'safeint' ? 'whole number' : 'number';
  return schema instanceof z.ZodObject ? 'map' : 'any value';
}
