import type { Json, JsonObject } from '../../../plan/json.ts';
import type { ResultContract } from '../../../plan/plan.ts';
import type { Step } from '../schema/step.ts';

/** What a step must deliver besides prose, or null. An evaluated field is always part of it. */
export function compileResult(step: Step): ResultContract | null {
  const decided = step.evaluate?.decision_field;
  const routingFields = [
    ...new Set([...step.routing_fields, ...(decided === undefined ? [] : [decided])]),
  ];
  if (step.result === undefined && decided === undefined) return null;
  return {
    schema: schemaOf(step, decided),
    routingFields,
    statusField: step.status_field ?? null,
  };
}

function schemaOf(step: Step, decided: string | undefined): JsonObject {
  const { result } = step;
  if (result !== undefined && 'schema' in result) return result.schema;
  const short = result ?? { required_keys: [], key_types: {}, min_items: {} };
  const required = [...short.required_keys, ...(decided === undefined ? [] : [topField(decided)])];
  const names = new Set([
    ...required,
    ...Object.keys(short.key_types),
    ...Object.keys(short.min_items),
  ]);
  const properties = [...names].map((name): readonly [string, Json] => [
    name,
    propertyOf(own(short.key_types, name), own(short.min_items, name)),
  ]);
  return {
    type: 'object',
    required: [...new Set(required)],
    properties: Object.fromEntries(properties),
  };
}

function propertyOf(type: string | undefined, minItems: number | undefined): JsonObject {
  if (minItems !== undefined) return { type: 'array', minItems };
  return type === undefined ? {} : { type };
}

/** A field may be called `toString`. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function topField(path: string): string {
  return path.split('.')[0] ?? path;
}
