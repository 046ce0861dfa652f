import type { JsonObject } from '../../plan/json.ts';

/** Rows of a CSV file (RFC 4180) as maps by the names in its first line. Empty lines are none. */
export function parseCsv(text: string): JsonObject[] {
  const [header = [], ...rows] = records(text.replace(/^\uFEFF/, ''));
  const names = header.map((name, index) => name.trim() || `column_${index + 1}`);
  return rows
    .filter((row) => row.some((field) => field !== ''))
    .map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}

function records(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { field, next } = text[at] === '"' ? quoted(text, at + 1) : plain(text, at);
    row.push(field);
    at = next;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) row.push('');
      continue;
    }
    rows.push(row);
    row = [];
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function plain(text: string, from: number): { field: string; next: number } {
  let next = from;
  while (next < text.length && !',\r\n'.includes(text[next] ?? '')) next += 1;
  return { field: text.slice(from, next), next };
}

/** What follows the closing quote up to the comma belongs to the field; people write such files by hand. */
function quoted(text: string, from: number): { field: string; next: number } {
  let field = '';
  let at = from;
  while (at < text.length) {
    if (text[at] !== '"') field += text[at];
    else if (text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else {
      const rest = plain(text, at + 1);
      return { field: field + rest.field, next: rest.next };
    }
    at += 1;
  }
  return { field, next: at };
}
