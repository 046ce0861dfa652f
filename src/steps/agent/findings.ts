import type { Json } from '../../plan/json.ts';
import { readPath } from '../../plan/read-path.ts';

/** What was found that holds nothing up. Blockers are excluded: gates and loops handle those. */
export interface Findings {
  /** Correct, but to be paid for later. */
  readonly debts: readonly string[];
  /** A matter of taste. */
  readonly remarks: readonly string[];
}

const LISTS = ['issues', 'findings'];
const DEBT: ReadonlySet<string> = new Set(['techdebt', 'technicaldebt', 'debt']);
const REMARK: ReadonlySet<string> = new Set(['skippable', 'nitpick', 'nit', 'note']);
const MAX_LISTED = 100;
const MAX_LINE = 300;

/** Sorts the findings of a structured answer by the severity they carry. */
export function findingsOf(data: Json): Findings {
  const all = LISTS.map((list) => readPath(data, list))
    .filter(Array.isArray)
    .flat();
  const those = (severities: ReadonlySet<string>) => [
    ...new Set(all.filter((entry) => severities.has(severityOf(entry))).map(lineFor)),
  ];
  return { debts: those(DEBT).slice(0, MAX_LISTED), remarks: those(REMARK).slice(0, MAX_LISTED) };
}

/** `tech_debt`, `tech-debt` and `Tech Debt` are the same word. */
function severityOf(entry: Json): string {
  return (textAt(entry, ['severity']) ?? '').toLowerCase().replace(/[\s_-]/g, '');
}

/** Where it is, what it is, and what would fix it. */
function lineFor(entry: Json): string {
  const file = textAt(entry, ['file', 'path', 'location']);
  const line = readPath(entry, 'line');
  const place = file === null ? null : `${file}${typeof line === 'number' ? `:${line}` : ''}:`;
  const parts = [
    place,
    textAt(entry, ['description', 'message', 'title', 'text']) ?? JSON.stringify(entry),
    textAt(entry, ['suggestion']),
  ];
  return parts
    .filter((part) => part !== null)
    .join(' ')
    .slice(0, MAX_LINE);
}

function textAt(entry: Json, names: readonly string[]): string | null {
  return names.map((name) => readPath(entry, name)).find(isText) ?? null;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
