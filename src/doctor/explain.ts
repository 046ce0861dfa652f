import { nearest } from '../language/problems/nearest.ts';
import type { Condition, Operator } from '../plan/condition.ts';
import type { Json } from '../plan/json.ts';
import type { PlanNode } from '../plan/plan.ts';
import { rangeFor } from './answers.ts';
import { type Atom, atomsOf, makersOf, splitHead } from './atoms.ts';
import type { Chart } from './chart.ts';
import { hasType, type ValueRange } from './value-range.ts';

export interface Explanation {
  readonly reason: string;
  readonly suggestion: string | null;
}

/** A question, with what it is about and the values possible there. */
export interface Placed {
  readonly atom: Exclude<Atom, { type: 'outcome' }>;
  /** Null if it is about a parameter. */
  readonly node: PlanNode | null;
  readonly path: string;
  readonly range: ValueRange;
}

/** A condition's questions about fields of this graph's steps, or about parameters. */
export function placedAtoms(
  chart: Chart,
  condition: Condition,
  self: string | null,
): readonly Placed[] {
  const makers = makersOf(chart.drawn);
  return atomsOf(condition).flatMap((atom): readonly Placed[] => {
    if (atom.type !== 'field' && atom.type !== 'output') return [];
    const { head, rest } = splitHead(atom.path);
    const id = atom.type === 'field' ? self : makers.get(head);
    const path = atom.type === 'field' ? atom.path : rest;
    const node = id === null || id === undefined ? undefined : chart.nodes.get(id);
    const param = chart.params.get(head);
    if (node === undefined) {
      return param === undefined ? [] : [{ atom, node: null, path: head, range: param }];
    }
    const contract = 'result' in node ? node.result : null;
    return [{ atom, node, path, range: rangeFor(node, contract, path) }];
  });
}

/** Why a condition cannot hold, if one of its questions alone is to blame. */
export function explainNever(chart: Chart, condition: Condition, self: string | null): Explanation {
  for (const placed of placedAtoms(chart, condition, self)) {
    const reason = reasonFor(placed);
    if (reason !== null) return reason;
  }
  const outcomes = atomsOf(condition).filter((atom) => atom.type === 'outcome');
  const asker = self === null ? undefined : chart.nodes.get(self);
  if (outcomes.length > 0 && asker !== undefined) {
    const reason = `step \`${asker.id}\` never ends that way; its outcomes come from a \`status_field\` of its \`result\``;
    return { reason, suggestion: null };
  }
  return { reason: 'its parts contradict each other, or what leads here', suggestion: null };
}

function reasonFor({ atom, node, path, range }: Placed): Explanation | null {
  const { op, value } = atom;
  const name = `\`${node === null ? 'params' : node.id}.${path}\``;
  if (node !== null && range.isUnnamed) return { reason: noField(node, path), suggestion: null };
  if (isOutOfBounds(op, value, range)) {
    return { reason: `${name} is ${boundsOf(range)}`, suggestion: null };
  }
  const [operand] = operandsOf(op, value);
  if (operand === undefined) return null;
  if (range.values === null) {
    const { types } = range;
    if (types === null || types.some((type) => hasType(operand, type))) return null;
    return { reason: `${name} is of type ${types.join(' or ')}`, suggestion: null };
  }
  const words = range.values.map(wordFor);
  if (operandsOf(op, value).some((one) => words.includes(wordFor(one)))) return null;
  const suggestion = nearest(wordFor(operand), words);
  return { reason: `${name} is ${listed(range.values)}`, suggestion };
}

function operandsOf(op: Operator, value: Json | undefined): readonly Json[] {
  const compares = op === 'equals' || op === 'in';
  if (!compares || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function noField(node: PlanNode, path: string): string {
  const [first = ''] = path.split('.');
  if ('result' in node && node.result !== null) {
    return `the \`result\` of step \`${node.id}\` has no field \`${first}\``;
  }
  return `step \`${node.id}\` has no \`result\`, so it has no field \`${first}\``;
}

function isOutOfBounds(op: Operator, value: Json | undefined, range: ValueRange): boolean {
  if (typeof value !== 'number') return false;
  const { minimum, maximum } = range;
  const below = minimum !== null && (op === 'lt' ? value <= minimum : value < minimum);
  const above = maximum !== null && (op === 'gt' ? value >= maximum : value > maximum);
  if (op === 'equals') return below || above;
  return op === 'gt' || op === 'gte' ? above : (op === 'lt' || op === 'lte') && below;
}

function boundsOf({ minimum, maximum }: ValueRange): string {
  const least = minimum === null ? [] : [`at least ${minimum}`];
  const most = maximum === null ? [] : [`at most ${maximum}`];
  return [...least, ...most].join(' and ');
}

function listed(values: readonly Json[]): string {
  const words = values.map(wordFor);
  return words.length === 1 ? `always ${words[0]}` : `one of ${words.join(', ')}`;
}

function wordFor(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
