import type { Json } from '../../plan/json.ts';
import { readPath } from '../../plan/read-path.ts';

/** Conditions an answer lists, under whichever of these names it uses. */
export function openItemsIn(data: Json): readonly string[] {
  return linesAt(data, ['conditions', 'verdict.conditions', 'openItems', 'open_items']);
}

/** Open items of earlier steps that an answer says it has settled, by id or by their own text. */
export function resolvedItemsIn(data: Json): readonly string[] {
  return linesAt(data, ['resolved_items', 'resolvedItems']);
}

const MAX_ENTRIES = 200;
const MAX_ENTRY = 300;

/** The entries of lists in a structured answer, one line of limited length each. */
export function linesAt(data: Json, paths: readonly string[]): readonly string[] {
  const lines = paths.flatMap((path) => {
    const value = readPath(data, path);
    if (typeof value === 'string') return value.trim() === '' ? [] : [value];
    return Array.isArray(value) ? value.map(lineOf) : [];
  });
  return [...new Set(lines)].slice(0, MAX_ENTRIES);
}

const TEXTS = ['text', 'description', 'message', 'title', 'condition', 'note', 'question', 'id'];

function lineOf(entry: Json): string {
  if (typeof entry === 'string') return entry.slice(0, MAX_ENTRY);
  const text = TEXTS.map((name) => readPath(entry, name)).find(
    (value) => typeof value === 'string',
  );
  return (text ?? JSON.stringify(entry)).slice(0, MAX_ENTRY);
}
