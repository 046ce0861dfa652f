import { z } from 'zod';
import { unwrap } from '#src/language/native/schema/known-keys.ts';

/** Keys of the schema, as `Object.key`, that a file does not use anywhere. */
export function unusedKeys(schema: z.ZodType, data: unknown): string[] {
  const known = new Map<z.ZodType, Set<string>>();
  collect(schema, known);
  use(schema, data, known);
  return [...known.values()].flatMap((keys) => [...keys]).toSorted();
}

function collect(schema: z.ZodType, known: Map<z.ZodType, Set<string>>): void {
  for (const option of unwrap(schema)) {
    if (option instanceof z.ZodArray) collect(asType(option.element), known);
    if (option instanceof z.ZodRecord) collect(asType(option.valueType), known);
    if (!(option instanceof z.ZodObject) || known.has(option)) continue;
    known.set(option, new Set(Object.keys(option.shape)));
    for (const child of Object.values(option.shape)) collect(asType(child), known);
  }
}

function use(schema: z.ZodType, data: unknown, known: Map<z.ZodType, Set<string>>): void {
  for (const option of unwrap(schema)) {
    if (Array.isArray(data) && option instanceof z.ZodArray) {
      for (const item of data) use(asType(option.element), item, known);
    }
    if (typeof data !== 'object' || data === null || Array.isArray(data)) continue;
    for (const [key, value] of Object.entries(data)) {
      if (option instanceof z.ZodRecord) use(asType(option.valueType), value, known);
      if (!(option instanceof z.ZodObject) || !Object.hasOwn(option.shape, key)) continue;
      known.get(option)?.delete(key);
      use(asType(option.shape[key]), value, known);
    }
  }
}

function asType(schema: unknown): z.ZodType {
  return schema as z.ZodType;
}
