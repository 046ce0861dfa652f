import { conditionHolds } from '../../engine/read/condition-holds.ts';
import { mustRewind } from '../../engine/read/must-rewind.ts';
import { gatesOfKind } from '../../engine/state/gates.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import type { Gate, NodeKey, NodeState, Run, Verdict } from '../../engine/state/run.ts';
import type { Json, JsonObject } from '../../plan/json.ts';
import { ofKind } from '../../plan/kinds.ts';
import type { CallNode, ForeachNode, Graph, Plan, PlanNode } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';
import { answersOf, type PossibleAnswer } from '../answers.ts';
import { type Atom, questionsOf, splitHead } from '../atoms.ts';
import { candidatesFor, type ValueAtom } from '../candidates.ts';
import { ANYTHING } from '../value-range.ts';
import { type GivenAnswer, type Move, STEP_FAILED } from './move.ts';
import { expecting, type Stage } from './stage.ts';

/** Tells what can happen next at any stage of a run of one plan. */
export class Moves {
  readonly #plan: Plan;
  readonly #answers = new Map<string, readonly PossibleAnswer[]>();
  /** Steps whose answers could not all be tried, because there are too many. */
  readonly sampled = new Set<string>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Every possible move, the best first. Empty if the run is over or stuck. */
  at(stage: Stage): readonly Move[] {
    const next = expecting(this.#plan, stage);
    switch (next.type) {
      case 'work':
        return this.#workOn(stage.run, next.key, next.node, next.state);
      case 'decision':
        return decisionsAt(next.gate);
      case 'time':
        return [{ type: 'wait', until: next.until }];
      case 'end':
      case 'nothing':
        return [];
    }
  }

  #workOn(run: Run, key: NodeKey, node: PlanNode, state: NodeState): readonly Move[] {
    const answers = this.#answersFor(run, key, node, state);
    return [
      ...answers.map((answer): Move => ({ type: 'answer', node: key, answer })),
      { type: 'failure', node: key, reason: STEP_FAILED },
      ...(node.requires.length > 0 && node.disposition === 'optional'
        ? [{ type: 'failure', node: key, reason: 'missing-requirement' } as const]
        : []),
    ];
  }

  #answersFor(run: Run, key: NodeKey, node: PlanNode, state: NodeState): readonly GivenAnswer[] {
    if (state.phase === 'preflight') return [{ ...said('ok', null), text: 'It can run.' }];
    const prepared = state.phase === 'prepare' ? this.#preparedOf(node) : null;
    if (prepared !== null) return prepared;
    if (mustRewind(node, state)) return [said('ok', null)];
    if (state.phase === 'merge') return [said('ok', null), said('redesign', null)];
    const graph = this.#graphOf(run, key);
    const answers = this.#answersOf(graph, node);
    const first = answers[0];
    if (first === undefined) return [said('ok', null)];
    return [
      ...answers,
      ...(mayAsk(run, key, node) ? [{ ...first, asks: true }] : []),
      ...(mayDoubt(this.#plan, run) ? [{ ...first, isUnsure: true }] : []),
    ];
  }

  /** What a worker may find out before the members are known; null if the answer is like any other. */
  #preparedOf(node: PlanNode): readonly GivenAnswer[] | null {
    switch (node.kind) {
      case 'foreach':
        return this.#itemsOf(node);
      case 'call':
        return this.#paramsOf(node);
      case 'group':
      case 'agent':
      case 'auto':
      case 'gate':
      case 'approval':
      case 'noop':
        return null;
    }
  }

  #answersOf(graph: Graph, node: PlanNode): readonly PossibleAnswer[] {
    const name = `${graph.id}:${node.id}`;
    const known = this.#answers.get(name);
    if (known !== undefined) return known;
    const questions = questionsOf(graph);
    const atoms = [...(questions.ofNode.get(node.id) ?? []), ...this.#insideQuestions(node)];
    const criteria = questions.criteria.get(node.id) ?? [];
    const all = answersOf(node, { atoms, criteria });
    if (all === null) this.sampled.add(node.id);
    const answers = inPreferredOrder(graph, node, all ?? [said('ok', null)]);
    this.#answers.set(name, answers);
    return answers;
  }

  /** Members of groups and foreach ask about outputs around them as well. */
  #insideQuestions(maker: PlanNode): readonly Atom[] {
    return Object.values(this.#plan.graphs).flatMap((graph) =>
      [...questionsOf(graph).ofName].flatMap(([name, atoms]) =>
        name === maker.output
          ? atoms.flatMap((atom): readonly Atom[] =>
              atom.type === 'output'
                ? [{ ...atom, type: 'field', path: splitHead(atom.path).rest }]
                : [],
            )
          : [],
      ),
    );
  }

  #itemsOf(node: ForeachNode): readonly GivenAnswer[] {
    const member = this.#plan.graphs[node.graph];
    const asked = member === undefined ? [] : (questionsOf(member).ofName.get(node.as) ?? []);
    const values = exampleValues(asked);
    const [first = 'item 1', second = 'item 2'] = values;
    const lists = [[first, second], ...values.map((value) => [value]), []];
    return lists.map((items) => ({ ...said('ok', null), items }));
  }

  #paramsOf(node: CallNode): readonly GivenAnswer[] {
    const callee = this.#plan.graphs[node.graph];
    const asked = callee === undefined ? new Map<string, Atom[]>() : questionsOf(callee).ofName;
    let choices: readonly JsonObject[] = [{}];
    for (const name of Object.keys(node.params)) {
      const values = exampleValues(asked.get(name) ?? []);
      const wide = choices.flatMap((params) =>
        values.map((value) => ({ ...params, [name]: value })),
      );
      choices =
        wide.length > MAX_PARAMS
          ? choices.map((one) => ({ ...one, [name]: values[0] ?? '' }))
          : wide;
    }
    return choices.map((data) => said('ok', data));
  }

  #graphOf(run: Run, key: NodeKey): Graph {
    const { frame } = splitKey(key);
    const graph = this.#plan.graphs[run.frames[frame]?.graph ?? this.#plan.main];
    if (graph === undefined) throw new TypeError(`The plan has no graph for ${key}.`);
    return graph;
  }
}

const MAX_PARAMS = 16;

/** One value for each way in which the questions can be answered. */
function exampleValues(atoms: readonly Atom[]): readonly Json[] {
  const asked: (ValueAtom & { readonly path: string })[] = atoms.flatMap((atom) =>
    atom.type === 'output' ? [{ ...atom, path: splitHead(atom.path).rest }] : [],
  );
  const [path = ''] = asked.map((atom) => atom.path);
  if (asked.length === 0 || path.includes('.')) return ['item 1'];
  const values = candidatesFor(asked, { ...ANYTHING, mayBeMissing: false }) ?? ['item 1'];
  const examples = values.map(
    (value): Json => (path === '' ? (value ?? null) : { [path]: value ?? null }),
  );
  const signature = (example: Json): string => asked.map((atom) => holdsFor(atom, example)).join();
  return [...new Map(examples.toReversed().map((one) => [signature(one), one])).values()];
}

function holdsFor(atom: ValueAtom & { readonly path: string }, data: Json): boolean {
  const { path, op, value = null } = atom;
  const facts = { result: { outcome: null, data }, text: '', outputs: () => undefined };
  return conditionHolds({ type: 'field', path, op, value }, facts);
}

function said(outcome: PossibleAnswer['outcome'], data: Json): PossibleAnswer {
  return { outcome, status: null, data, text: 'Done.' };
}

/** Answers that take the first route come first; those that go back, last. */
function inPreferredOrder(
  graph: Graph,
  node: PlanNode,
  answers: readonly PossibleAnswer[],
): readonly PossibleAnswer[] {
  const edges = graph.edges.filter(({ from }) => from === node.id);
  const loops = graph.loops.filter(({ from }) => from === node.id);
  const rank = ({ outcome, data, text }: PossibleAnswer): number => {
    const facts = { result: { outcome, data }, text, outputs: () => undefined };
    if (loops.some(({ trigger }) => conditionHolds(trigger, facts))) return edges.length + 2;
    if (outcome !== 'ok') return edges.length + 1;
    const first = edges.findIndex(({ when }) => conditionHolds(when, facts));
    return first < 0 ? edges.length : first;
  };
  return answers.toSorted((a, b) => rank(a) - rank(b));
}

/** Once is enough to see what a question leads to. */
function mayAsk(run: Run, key: NodeKey, node: PlanNode): boolean {
  if (ofKind(node, 'agent')?.meta['questions'] === undefined) return false;
  return !gatesOfKind(run, 'question').some((gate) => gate.node === key);
}

/** One doubt per path: many steps doubting at many times would show nothing more. */
function mayDoubt({ policies }: Plan, run: Run): boolean {
  const { reliability } = policies;
  if (reliability === null || gatesOfKind(run, 'confidence').length > 0) return false;
  const own = readPath(reliability, 'confidence.enabled');
  return (own ?? readPath(reliability, 'enabled')) !== false;
}

/** What leads on comes first; a denial and the passing of time last. */
const ORDER: readonly Verdict[] = [
  'approve',
  'answer',
  'override',
  'edit',
  'retry',
  'guide',
  'revise',
  'deny',
];

function decisionsAt(gate: Gate): readonly Move[] {
  const { id, node, verdicts, revise, expiresAt } = gate;
  const offered = ORDER.filter((verdict) => verdicts.includes(verdict)).filter(
    (verdict) => verdict !== 'revise' || (revise?.left ?? 0) > 0,
  );
  return [
    ...offered.map(
      (verdict): Move => ({ type: 'verdict', gate: id, node, verdict, text: textFor(verdict) }),
    ),
    ...(expiresAt === null
      ? []
      : [{ type: 'expiry', gate: id, node, at: Date.parse(expiresAt) } as const]),
  ];
}

function textFor(verdict: Verdict): string | null {
  return verdict === 'approve' || verdict === 'deny' ? null : 'As discussed.';
}
