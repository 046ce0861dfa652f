import type { JsonObject } from '../../../plan/json.ts';
import type { NeededField } from './criteria.ts';
import type { PhaseFacts } from './phases.ts';

interface ObjectSchema {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: JsonObject;
}

/** JSON Schema of a phase's result: what is known about it, and every field its gates check. */
export function contractOf(
  { properties, required }: PhaseFacts,
  fields: readonly NeededField[],
): JsonObject {
  const start: ObjectSchema = { type: 'object', required, properties };
  return {
    ...fields.reduce((schema, { path, type }) => withField(schema, path.split('.'), type), start),
  };
}

function withField(
  schema: ObjectSchema,
  [name = '', ...rest]: readonly string[],
  type: NeededField['type'],
): ObjectSchema {
  const known = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  const property =
    rest.length === 0 ? (known ?? { type }) : { ...withField(objectOf(known), rest, type) };
  return {
    type: 'object',
    required: [...new Set([...schema.required, name])],
    properties: { ...schema.properties, [name]: property },
  };
}

function objectOf(known: unknown): ObjectSchema {
  const schema = (known ?? {}) as Partial<ObjectSchema>;
  return { type: 'object', required: schema.required ?? [], properties: schema.properties ?? {} };
}
