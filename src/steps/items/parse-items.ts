import { CsvError } from 'csv-parse/sync';
import { parse as parseYaml, YAMLError } from 'yaml';
import { isObject, type Json, type JsonObject } from '../../plan/json.ts';
import { parseCsv } from './parse-csv.ts';

export type ParsedItems =
  | { readonly ok: true; readonly items: readonly Json[] }
  | { readonly ok: false; readonly message: string };

const MAX_ALIASES = 100;

/** The items in a file: a list, or a map containing just one list. */
export function parseItems(text: string, format: 'json' | 'csv' | 'yaml'): ParsedItems {
  try {
    if (format === 'csv') return { ok: true, items: parseCsv(text) };
    const value: unknown =
      format === 'json' ? JSON.parse(text) : parseYaml(text, { maxAliasCount: MAX_ALIASES });
    return listIn(JSON.parse(JSON.stringify(value ?? null)));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      ok: false,
      message: `it cannot be read as ${format.toUpperCase()}: ${faultOf(error)}`,
    };
  }
}

function faultOf(error: Error): string {
  // Its own message names the end of the file: only there is it clear that the quote is unclosed.
  if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return 'a quotation mark is never closed';
  }
  return error instanceof YAMLError ? (error.message.split('\n', 1)[0] ?? '') : error.message;
}

export function listIn(value: Json | undefined): ParsedItems {
  if (Array.isArray(value)) return { ok: true, items: value };
  if (isObject(value)) {
    const lists = Object.values(value).filter(Array.isArray);
    if (lists.length === 1) return { ok: true, items: lists[0] ?? [] };
  }
  return { ok: false, message: 'it is no list, and no map with one list in it' };
}

/** A task file: front matter between two `---` lines, and the text after it. */
export function parseTaskFile(path: string, text: string): { item: JsonObject } | string {
  const parts = /^---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text);
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const own = { id: name, path };
  if (parts === null) return { item: { ...own, body: text.trim() } };
  const [, front = '', body = ''] = parts;
  const parsed = parseFront(front);
  if (typeof parsed === 'string') return `${path}: ${parsed}`;
  return { item: { ...own, ...parsed, path, body: body.trim() } };
}

function parseFront(front: string): JsonObject | string {
  try {
    const value: Json = JSON.parse(
      JSON.stringify(parseYaml(front, { maxAliasCount: MAX_ALIASES }) ?? {}),
    );
    return isObject(value) ? value : 'what stands between the two lines `---` is no map';
  } catch (error) {
    return `what stands between the two lines \`---\` is no YAML: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`;
  }
}
