import type { Json } from '../plan/json.ts';
import type { Graph } from '../plan/plan.ts';
import { answersOf, type PossibleAnswer } from './answers.ts';
import { type AskedAtoms, type Atom, splitHead } from './atoms.ts';
import { candidatesFor, type ValueAtom } from './candidates.ts';
import type { OutputSource } from './sources.ts';
import { ANYTHING, type ValueRange } from './value-range.ts';

export interface SurveyRequest {
  readonly graph: Graph;
  /** Ranges of parameters by name. */
  readonly params: ReadonlyMap<string, ValueRange>;
  readonly effort: TrialBudget;
  /** Node → outputs of this graph that its templates cannot do without. */
  readonly reads?: ReadonlyMap<string, readonly OutputSource[]>;
}

const MAX_WORLDS = 30_000;

/** How much of one file may still be tried, counted in nodes of cases. A million take a third of a second. */
export interface TrialBudget {
  left: number;
}

/** The one case of a node that is done without a word, because it is optional. */
export const NOTHING_SAID = 'nothing';
export type WorldChoice = PossibleAnswer | typeof NOTHING_SAID;

interface Choices {
  /** How many cases they make together. */
  readonly size: number;
  readonly ofNode: ReadonlyMap<string, readonly WorldChoice[]>;
  readonly ofName: ReadonlyMap<string, readonly (Json | undefined)[]>;
}

export interface World {
  readonly answers: ReadonlyMap<string, WorldChoice>;
  readonly names: ReadonlyMap<string, Json | undefined>;
}

/** Null if there is too much to try, or a question that cannot be tried. */
export function choicesFor(
  { graph, params, effort }: SurveyRequest,
  questions: AskedAtoms,
): Choices | null {
  const ofNode = new Map<string, readonly WorldChoice[]>();
  let size = 1;
  for (const node of graph.nodes) {
    const atoms = questions.ofNode.get(node.id) ?? [];
    const criteria = questions.criteria.get(node.id) ?? [];
    const answers = effort.left === 0 ? null : answersOf(node, { atoms, criteria });
    if (answers === null) return null;
    if (atoms.length > 0) effort.left = Math.max(0, effort.left - answers.length * atoms.length);
    const isOptional = node.disposition === 'optional' && atoms.length > 0;
    const choices = isOptional ? ([...answers, NOTHING_SAID] as const) : answers;
    ofNode.set(node.id, choices);
    size *= choices.length;
    if (size > MAX_WORLDS) return null;
  }
  const ofName = new Map<string, readonly (Json | undefined)[]>();
  for (const [name, atoms] of questions.ofName) {
    const values = valuesFor(atoms, params.get(name) ?? ANYTHING);
    if (values === null) return null;
    ofName.set(name, values);
    size *= values.length;
    if (size > MAX_WORLDS) return null;
  }
  return { size, ofNode, ofName };
}

/** Values of a whole name. Fields that are asked about become maps. */
function valuesFor(
  atoms: readonly Atom[],
  range: ValueRange,
): readonly (Json | undefined)[] | null {
  const asked: (ValueAtom & { readonly path: string })[] = atoms.flatMap((atom) =>
    atom.type === 'output' ? [{ ...atom, path: splitHead(atom.path).rest }] : [],
  );
  const paths = [...new Set(asked.map(({ path }) => path))];
  if (paths.length > 1 || (paths[0] ?? '').includes('.')) return null;
  const [path = ''] = paths;
  const values = candidatesFor(asked, path === '' ? range : ANYTHING);
  if (values === null || path === '') return values;
  return values.map((value) => (value === undefined ? {} : { [path]: value }));
}

export function* worldsOf({ ofNode, ofName }: Choices): Generator<World> {
  const answers = new Map<string, WorldChoice>();
  const names = new Map<string, Json | undefined>();
  const steps: readonly (() => Generator<void>)[] = [
    ...[...ofNode].map(
      ([id, choices]) =>
        () =>
          each(choices, (choice) => answers.set(id, choice)),
    ),
    ...[...ofName].map(
      ([name, values]) =>
        () =>
          each(values, (value) => names.set(name, value)),
    ),
  ];
  function* choose(at: number): Generator<World> {
    const step = steps[at];
    if (step === undefined) {
      yield { answers, names };
      return;
    }
    for (const _ of step()) yield* choose(at + 1);
  }
  yield* choose(0);
}

function* each<T>(values: readonly T[], set: (value: T) => void): Generator<void> {
  for (const value of values) {
    set(value);
    yield;
  }
}
