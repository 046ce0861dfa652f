import { explainIssues } from '../../../native/parse/explain-issues.ts';
import { isShape } from '../../shape.ts';
import type { LayerContext } from './layer-context.ts';
import { LAYER_ENTRIES, LAYER_FOREIGN_KEYS, LayerFile, PhaseName } from './layer-schema.ts';

/**
 * The sound parts of the file, so that all of its problems are found at once. Null if its phases
 * are not known: most of the rest is about them.
 */
export function soundParts(context: LayerContext): Partial<LayerFile> | null {
  const { path, data, positions } = context.source;
  const parsed = LayerFile.safeParse(data);
  if (parsed.success) return parsed.data;
  context.problems.push(
    ...explainIssues(parsed.error.issues, {
      path,
      noun: 'workflow',
      schema: LayerFile,
      data,
      positions,
      foreignKeys: LAYER_FOREIGN_KEYS,
    }),
  );
  const raw = isShape(data) ? data : {};
  const entries = Object.entries(LayerFile.shape).flatMap(([key, schema]) => {
    const part = schema.safeParse(mended(key, raw[key]));
    return part.success ? [[key, part.data] as const] : [];
  });
  const sound: Partial<LayerFile> = Object.fromEntries(entries);
  return 'phases' in raw && sound.phases === undefined ? null : sound;
}

/** A list or map without its bad entries. */
function mended(key: string, value: unknown): unknown {
  if (key === 'phases' && Array.isArray(value)) {
    return value.filter((name) => PhaseName.safeParse(name).success);
  }
  const schema = Object.hasOwn(LAYER_ENTRIES, key) ? LAYER_ENTRIES[key] : undefined;
  if (schema === undefined || !isShape(value)) return value;
  const sound = Object.entries(value).filter(([, entry]) => schema.safeParse(entry).success);
  return Object.fromEntries(sound);
}
