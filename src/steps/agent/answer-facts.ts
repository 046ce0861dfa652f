import { linesAt, openItemsIn, resolvedItemsIn } from '../../engine/read/answer-items.ts';
import type { Json } from '../../plan/json.ts';
import type { ResultContract } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';
import { findingsOf } from './findings.ts';

/** What the engine keeps of a structured answer besides its outcome. */
export interface AnswerFacts {
  readonly openItems: readonly string[];
  /** Open items of earlier steps that it has settled, by id or by their own text. */
  readonly resolvedItems: readonly string[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Technical debt it found; absent if none. */
  readonly debts?: readonly string[];
  /** Sorted ids of the faults found, so that a loop can tell whether things improved. */
  readonly fingerprint: readonly string[] | null;
}

const MAX_ENTRIES = 200;
const MAX_ENTRY = 300;

const NOTES = ['notes', 'verdict.notes'];
const FAULTS = [
  'failures',
  'failed_tests',
  'failedTests',
  'failing_tests',
  'findings',
  'issues',
  'blockers',
  'stubFindings',
  'stub_findings',
  'blockingIssues',
  'requiredFixes',
  'required_fixes',
  'discrepancies',
  'missingPrerequisites',
];

export function factsOf(data: Json): AnswerFacts {
  const { debts, remarks } = findingsOf(data);
  return {
    openItems: openItemsIn(data),
    resolvedItems: resolvedItemsIn(data),
    notes: [...new Set([...linesAt(data, NOTES), ...remarks])],
    warnings: linesAt(data, ['warnings']),
    ...(debts.length > 0 && { debts }),
    fingerprint: fingerprintOf(data),
  };
}

/** The contract's status word as given; null if there is no such field or no word in it. */
export function statusOf(contract: ResultContract | null, data: Json): string | null {
  if (contract === null || contract.statusField === null) return null;
  const value = readPath(data, contract.statusField);
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fingerprintOf(data: Json): readonly string[] | null {
  const lists = FAULTS.map((name) => readPath(data, name)).filter(Array.isArray);
  if (lists.length === 0) return null;
  const ids = new Set(lists.flat().map(idOf));
  return [...ids].toSorted().slice(0, MAX_ENTRIES);
}

const IDS = ['id', 'test', 'name'];
const PLACES = [
  ['severity', 'category'],
  ['file', 'path', 'location'],
  ['rule', 'kind', 'type', 'title', 'description', 'message'],
] as const;

/** Its own id, or `severity|file|rule`: what stays the same when the same fault is found again. */
function idOf(entry: Json): string {
  if (typeof entry === 'string') return entry.slice(0, MAX_ENTRY);
  const first = (names: readonly string[]): string | undefined =>
    names.map((name) => readPath(entry, name)).find((value) => typeof value === 'string');
  const parts = PLACES.map(first);
  const id = first(IDS) ?? (parts.some(Boolean) ? parts.map((part) => part ?? '').join('|') : null);
  return (id ?? JSON.stringify(entry)).slice(0, MAX_ENTRY);
}
