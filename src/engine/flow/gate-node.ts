import type { Json } from '../../plan/json.ts';
import type { GateNode } from '../../plan/plan.ts';
import type { CriterionResult } from '../read/criteria.ts';
import { evaluateCriteria } from '../read/criteria.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import { placeIn } from '../state/place.ts';
import type { Completed } from './accept-answer.ts';
import { acceptAnswer } from './accept-answer.ts';
import { composedAnswer } from './compose-answer.ts';

/** Judges another node's structured result by data alone. A warning never stops anything. */
export function passGate(draft: Draft, place: Place, node: GateNode): void {
  const subject = placeIn(draft, place.frame, node.subject);
  const result = subject === null ? null : draft.node(subject).result;
  const rows = evaluateCriteria(node.criteria, result?.data ?? null);
  const failed = rows.filter((row) => !row.passed);
  const data = { criteria: rows.map(rowData), failed: failed.map((row) => row.path || row.op) };
  acceptAnswer(draft, place, {
    ...composedAnswer(data, headlineOf(rows, failed), []),
    ...answerFor(node, failed),
    digest: result?.digest ?? null,
    fingerprint: failed.length === 0 ? null : faultsThatCount(node, result?.fingerprint ?? null),
  });
}

/** What a criterion explicitly tolerates says nothing about progress, either way. */
function faultsThatCount(
  { criteria }: GateNode,
  fingerprint: readonly string[] | null,
): readonly string[] | null {
  const tolerated = new Set(
    criteria.flatMap(({ op, value }) => (op === 'within' && Array.isArray(value) ? value : [])),
  );
  return fingerprint === null ? null : fingerprint.filter((fault) => !tolerated.has(fault));
}

function answerFor(
  node: GateNode,
  failed: readonly CriterionResult[],
): Pick<Completed, 'outcome' | 'warnings'> {
  if (failed.length === 0) return { outcome: 'ok', warnings: [] };
  if (node.severity === 'error') return { outcome: 'revise', warnings: [] };
  return { outcome: 'ok', warnings: failed.map(describe) };
}

function headlineOf(rows: readonly CriterionResult[], failed: readonly CriterionResult[]): string {
  if (failed.length === 0) return `All ${rows.length} criteria hold.`;
  return `${failed.length} of ${rows.length} criteria fail: ${failed.map(describe).join('; ')}`;
}

function describe({ path, op, expected, actual, problem }: CriterionResult): string {
  const name = path === '' ? op : path;
  if (problem !== null) return `${name}: ${problem}`;
  if (path === '') return `${name} does not hold`;
  return `${name} is ${JSON.stringify(actual)}, expected ${op} ${JSON.stringify(expected)}`;
}

function rowData({ path, op, expected, actual, passed, problem }: CriterionResult): Json {
  return { path, op, expected, actual, passed, problem };
}
