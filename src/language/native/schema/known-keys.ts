import { z } from 'zod';
import type { DataPath } from '../../problems/positions.ts';

/** The keys the schema has at a place; empty if any key is allowed. */
export function knownKeysAt(schema: z.ZodType, path: DataPath): readonly string[] {
  return schemasAt(schema, path).flatMap((option) =>
    option instanceof z.ZodObject ? Object.keys(option.shape) : [],
  );
}

/** What may be at a place, each possibility on its own. */
export function schemasAt(schema: z.ZodType, path: DataPath): readonly z.ZodType[] {
  let options = unwrap(schema);
  for (const part of path) options = options.flatMap((option) => childOf(option, part));
  return options;
}

function childOf(schema: z.ZodType, part: string | number): readonly z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    return Object.hasOwn(schema.shape, part) ? unwrap(schema.shape[part]) : [];
  }
  if (schema instanceof z.ZodArray) return unwrap(schema.element);
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType);
  return [];
}

/** What is inside optional, default, transform and the branches of a union. */
export function unwrap(schema: unknown): readonly z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrap(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => unwrap(option));
  }
  return schema instanceof z.ZodType ? [schema] : [];
}
