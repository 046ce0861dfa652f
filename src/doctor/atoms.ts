import type { Condition } from '../plan/condition.ts';
import type { Json } from '../plan/json.ts';
import { ofKind } from '../plan/kinds.ts';
import type { Criterion, Graph } from '../plan/plan.ts';

/** A question without `and`, `or` and `not`. */
export type Atom = Extract<Condition, { readonly type: 'outcome' | 'field' | 'text' | 'output' }>;

export function atomsOf(condition: Condition): readonly Atom[] {
  switch (condition.type) {
    case 'always':
      return [];
    case 'all':
    case 'any':
      return condition.of.flatMap(atomsOf);
    case 'not':
      return atomsOf(condition.of);
    case 'outcome':
    case 'field':
    case 'text':
    case 'output':
      return [condition];
  }
}

export interface AskedAtoms {
  /** Node → everything that is ever asked about its answer, in terms of the answer. */
  readonly ofNode: ReadonlyMap<string, readonly Atom[]>;
  /** Node → what gates ask of its result, in their own terms. */
  readonly criteria: ReadonlyMap<string, readonly Criterion[]>;
  /** Name of a parameter, an item or an output from outside → what is asked about it. */
  readonly ofName: ReadonlyMap<string, readonly Atom[]>;
}

/** Sorts every question of a graph by what it is about. */
export function questionsOf(graph: Graph): AskedAtoms {
  const ofNode = new Map<string, Atom[]>();
  const ofName = new Map<string, Atom[]>();
  const criteria = new Map<string, Criterion[]>();
  const makers = makersOf(graph);
  const add = (map: Map<string, Atom[]>, key: string, atom: Atom): void => {
    map.set(key, [...(map.get(key) ?? []), atom]);
  };
  const ask = (condition: Condition | null, self: string | null): void => {
    for (const atom of condition === null ? [] : atomsOf(condition)) {
      if (atom.type !== 'output') {
        if (self !== null) add(ofNode, self, atom);
        continue;
      }
      const { head, rest } = splitHead(atom.path);
      const maker = makers.get(head);
      if (maker === undefined) add(ofName, head, atom);
      else add(ofNode, maker, { ...atom, type: 'field', path: rest });
    }
  };
  for (const edge of graph.edges) ask(edge.when, edge.from);
  for (const loop of graph.loops) ask(loop.trigger, loop.from);
  for (const node of graph.nodes) {
    ask(node.when, null);
    const gate = ofKind(node, 'gate');
    if (gate === null) continue;
    criteria.set(gate.subject, [...(criteria.get(gate.subject) ?? []), ...gate.criteria]);
    for (const atom of gate.criteria.flatMap(criterionAtoms)) add(ofNode, gate.subject, atom);
  }
  return { ofNode, criteria, ofName };
}

/** Output → the only node that makes it. One made by several is as uncertain as one from outside. */
export function makersOf(graph: Graph): ReadonlyMap<string, string> {
  const names = graph.nodes.map(({ output }) => output);
  return new Map(
    graph.nodes.flatMap(({ id, output }) =>
      output !== null && names.indexOf(output) === names.lastIndexOf(output)
        ? [[output, id] as const]
        : [],
    ),
  );
}

export function splitHead(path: string): { readonly head: string; readonly rest: string } {
  const dot = path.indexOf('.');
  if (dot < 0) return { head: path, rest: '' };
  return { head: path.slice(0, dot), rest: path.slice(dot + 1) };
}

/** The criterion as questions: what must be tried to see it pass and fail. */
function criterionAtoms({ path, op, value }: Criterion): readonly Atom[] {
  const ask = (operator: Extract<Atom, { type: 'field' }>['op'], operand: typeof value): Atom => ({
    type: 'field',
    path,
    op: operator,
    value: operand,
  });
  switch (op) {
    case 'equals':
      return [ask('equals', value)];
    case 'min':
      return [ask('gte', value)];
    case 'max':
      return [ask('lte', value)];
    case 'exists':
      return [ask('exists', true)];
    case 'contains':
      return [ask('contains', value)];
    case 'within':
      return [ask('equals', []), ask('equals', value)];
    case 'any_of':
      return partsOf(value).map((part) => ask('equals', part));
    case 'all_of':
      return partsOf(value).map((part) => ask('contains', part));
  }
}

function partsOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value];
}
