import { type Options, parse } from 'csv-parse/sync';
import type { JsonObject } from '../../plan/json.ts';

/** People write such files by hand: rows may be too short or too long, and a quote may be anywhere. */
const OPTIONS: Options = {
  bom: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
};

/** Rows of a CSV file (RFC 4180) as maps keyed by its first line. Empty lines are skipped. */
export function parseCsv(text: string): JsonObject[] {
  const [header = [], ...rows] = parse(text, OPTIONS);
  const names = header.map((name, index) => name.trim() || `column_${index + 1}`);
  return rows
    .filter((row) => row.some((field) => field !== ''))
    .map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}
