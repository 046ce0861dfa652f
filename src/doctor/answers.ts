import { type ConditionFacts, conditionHolds } from '../engine/read/condition-holds.ts';
import { outcomeFor } from '../engine/read/outcome-for.ts';
import { OUTCOMES, type Outcome } from '../plan/condition.ts';
import { isObject, type Json, type JsonObject } from '../plan/json.ts';
import { kindOf } from '../plan/kinds.ts';
import type { Criterion, PlanNode, ResultContract } from '../plan/plan.ts';
import type { Atom } from './atoms.ts';
import { candidatesFor, type ValueAtom } from './candidates.ts';
import { meets } from './meets.ts';
import { ANYTHING, rangeAt, type ValueRange } from './value-range.ts';

/** What a step may answer. */
export interface PossibleAnswer {
  readonly outcome: Outcome;
  readonly status: string | null;
  readonly data: Json;
  readonly text: string;
}

/** What is asked about a node's answers. */
export interface AnswerQuestions {
  readonly atoms: readonly Atom[];
  /** Criteria of the gates that judge it. */
  readonly criteria: readonly Criterion[];
}

const MAX_COMBINATIONS = 20_000;

/**
 * One example of every answer that the questions can tell apart, first the plain `ok` that its
 * gates let pass. Null if that cannot be determined or there are too many.
 */
export function answersOf(
  node: PlanNode,
  { atoms, criteria }: AnswerQuestions,
): readonly PossibleAnswer[] | null {
  const contract = 'result' in node ? node.result : null;
  const fields = fieldsOf(node, atoms, contract);
  if (fields === null) return null;
  const texts = textsFor(atoms);
  const statuses = statusesFor(node, contract, atoms);
  if (texts === null) return null;
  const size = [...fields.values()].reduce((total, values) => total * values.length, 1);
  if (size * texts.length * statuses.length > MAX_COMBINATIONS) return null;
  const found = new Map<string, PossibleAnswer>();
  for (const { outcome, status } of statuses) {
    for (const values of combinations(fields)) {
      const data = dataWith(values, contract?.statusField ?? null, status, node);
      for (const text of texts) {
        const answer = { outcome, status, data, text };
        const key = signatureOf(answer, { atoms, criteria });
        if (!found.has(key)) found.set(key, answer);
      }
    }
  }
  const isStopped = ({ data }: PossibleAnswer): number => Number(!meets(criteria, data));
  const rank = (answer: PossibleAnswer): number =>
    2 * OUTCOMES.indexOf(answer.outcome) + isStopped(answer);
  return [...found.values()].toSorted((a, b) => rank(a) - rank(b));
}

/** How the questions see an answer: two answers with the same signature lead to the same things. */
function signatureOf(answer: PossibleAnswer, { atoms, criteria }: AnswerQuestions): string {
  const { outcome, data, text } = answer;
  const facts: ConditionFacts = { result: { outcome, data }, text, outputs: () => undefined };
  const verdicts = [
    ...atoms.map((atom) => conditionHolds(atom, facts)),
    ...criteria.map((criterion) => meets([criterion], data)),
  ];
  return `${outcome}:${verdicts.map(Number).join('')}`;
}

/** Values to try per field; null if one field lies inside another that is also asked about. */
function fieldsOf(
  node: PlanNode,
  atoms: readonly Atom[],
  contract: ResultContract | null,
): ReadonlyMap<string, readonly (Json | undefined)[]> | null {
  const asked = Map.groupBy(
    atoms.filter((atom) => atom.type === 'field'),
    ({ path }) => path,
  );
  const paths = [...asked.keys()].filter((path) => path !== contract?.statusField);
  if (paths.some((path) => paths.some((other) => isInside(other, path)))) return null;
  const fields = new Map<string, readonly (Json | undefined)[]>();
  for (const path of paths) {
    const values = candidatesFor(asked.get(path) ?? [], rangeFor(node, contract, path));
    if (values === null) return null;
    fields.set(path, values);
  }
  return fields;
}

function isInside(inner: string, outer: string): boolean {
  return inner !== outer && (outer === '' || inner.startsWith(`${outer}.`));
}

const TEXT: ValueRange = { ...ANYTHING, types: ['string'], mayBeMissing: false };

/** An agent without a contract has no fields; conditions see its words. */
export function rangeFor(
  node: PlanNode,
  contract: ResultContract | null,
  path: string,
): ValueRange {
  if (contract !== null) return rangeAt(contract.schema, path);
  if (kindOf(node).worker !== 'agent') return ANYTHING;
  return path === '' ? TEXT : { ...ANYTHING, values: [], isUnnamed: true };
}

function textsFor(atoms: readonly Atom[]): readonly string[] | null {
  const asked: ValueAtom[] = atoms.filter((atom) => atom.type === 'text');
  if (asked.length === 0) return ['Done.'];
  const texts = candidatesFor(asked, TEXT);
  return texts?.filter((text): text is string => typeof text === 'string') ?? null;
}

interface Status {
  readonly outcome: Outcome;
  readonly status: string | null;
}

const OK: Status = { outcome: 'ok', status: null };
/** One word per outcome, plus those a condition mentions. */
const WORDS = [
  'completed',
  'skipped',
  'needs_revision',
  'stub_detected',
  'conflicts_found',
  'escalation_needed',
  'blocked',
];

function statusesFor(
  node: PlanNode,
  contract: ResultContract | null,
  atoms: readonly Atom[],
): readonly Status[] {
  if (contract === null || contract.statusField === null) return plainStatuses(node);
  const { statusField, schema } = contract;
  const { values } = rangeAt(schema, statusField);
  const mentioned = atoms.flatMap((atom) =>
    atom.type === 'field' && atom.path === statusField ? operandsOf(atom) : [],
  );
  const words = (values ?? [...WORDS, ...mentioned]).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  const known = [...new Set(words)].flatMap((status): readonly Status[] => {
    const outcome = outcomeFor(status);
    return outcome === undefined ? [] : [{ outcome, status }];
  });
  return known.toSorted((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome));
}

function operandsOf({ op, value }: Extract<Atom, { type: 'field' }>): readonly Json[] {
  const operand = value ?? null;
  return op === 'in' && Array.isArray(operand) ? operand : [operand];
}

/** A gate judges by itself, and a command may fail; anything without a status says `ok`. */
function plainStatuses(node: PlanNode): readonly Status[] {
  const { settledBy, worker } = kindOf(node);
  return settledBy === 'criteria' || worker === 'machine'
    ? [OK, { outcome: 'revise', status: null }]
    : [OK];
}

function* combinations(
  fields: ReadonlyMap<string, readonly (Json | undefined)[]>,
): Generator<ReadonlyMap<string, Json | undefined>> {
  const entries = [...fields];
  const chosen = new Map<string, Json | undefined>();
  function* choose(at: number): Generator<ReadonlyMap<string, Json | undefined>> {
    const entry = entries[at];
    if (entry === undefined) {
      yield chosen;
      return;
    }
    const [path, values] = entry;
    for (const value of values) {
      chosen.set(path, value);
      yield* choose(at + 1);
    }
  }
  yield* choose(0);
}

function dataWith(
  values: ReadonlyMap<string, Json | undefined>,
  statusField: string | null,
  status: string | null,
  node: PlanNode,
): Json {
  const whole = values.get('');
  if (whole !== undefined) return whole;
  const hasContract = 'result' in node && node.result !== null;
  if (!hasContract && values.size === 0) return null;
  const data: Record<string, Json> = {};
  for (const [path, value] of values) {
    if (path !== '' && value !== undefined) put(data, path.split('.'), value);
  }
  if (statusField !== null && status !== null) put(data, statusField.split('.'), status);
  return data;
}

function put(target: Record<string, Json>, [first, ...rest]: readonly string[], value: Json): void {
  if (first === undefined) return;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner: JsonObject = isObject(target[first]) ? target[first] : {};
  const copy = { ...inner };
  put(copy, rest, value);
  target[first] = copy;
}
