import { type ConditionFacts, conditionHolds } from '../engine/read/condition-holds.ts';
import type { Condition } from '../plan/condition.ts';
import type { Json } from '../plan/json.ts';
import { ofKind } from '../plan/kinds.ts';
import type { Edge, Graph, PlanNode } from '../plan/plan.ts';
import type { PossibleAnswer } from './answers.ts';
import { makersOf, questionsOf } from './atoms.ts';
import { meets } from './meets.ts';
import { type OutputSource, sourcesOf } from './sources.ts';
import {
  choicesFor,
  NOTHING_SAID,
  type SurveyRequest,
  type World,
  type WorldChoice,
  worldsOf,
} from './worlds.ts';

/** What became of a condition wherever it was evaluated. */
export interface ConditionFate {
  readonly held: boolean;
  readonly failed: boolean;
}

/** What can happen in a graph, found by trying every answer that its questions can tell apart. */
export interface Survey {
  /** Nodes that run in at least one case. */
  readonly ran: ReadonlySet<string>;
  /** Nodes whose turn came, so that their `when` was evaluated. */
  readonly due: ReadonlySet<string>;
  /** By edge id, `when:<node>` or `loop:<id>`; absent if never evaluated. */
  readonly asked: ReadonlyMap<string, ConditionFate>;
  /** Nodes that end without opening any of their conditional edges, with an answer that does so. */
  readonly stranded: ReadonlyMap<string, PossibleAnswer>;
  /** Node → those outputs it reads that are missing in at least one case. */
  readonly lacking: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Null if there is too much to try, or a question that cannot be tried. */
export function surveyGraph(request: SurveyRequest): Survey | null {
  const questions = questionsOf(request.graph);
  const choices = choicesFor(request, questions);
  if (choices === null || !isAffordable(request, choices.size)) return null;
  const tally = new Tally(request);
  for (const world of worldsOf(choices)) tally.play(world);
  return tally;
}

function isAffordable({ graph, effort }: SurveyRequest, cases: number): boolean {
  const cost = cases * graph.nodes.length;
  if (cost > effort.left) return false;
  effort.left -= cost;
  return true;
}

class Tally implements Survey {
  readonly ran = new Set<string>();
  readonly due = new Set<string>();
  readonly asked = new Map<string, ConditionFate>();
  readonly stranded = new Map<string, PossibleAnswer>();
  readonly lacking = new Map<string, Set<string>>();
  readonly #request: SurveyRequest;
  readonly #order: readonly PlanNode[];
  readonly #into: ReadonlyMap<string, readonly Edge[]>;
  readonly #outOf: ReadonlyMap<string, readonly Edge[]>;
  readonly #makers: ReadonlyMap<string, string>;
  readonly #sources: ReadonlyMap<string, readonly OutputSource[]>;

  constructor(request: SurveyRequest) {
    const { graph } = request;
    this.#request = request;
    this.#into = Map.groupBy(graph.edges, ({ to }) => to);
    this.#outOf = Map.groupBy(graph.edges, ({ from }) => from);
    this.#order = inOrder(graph, this.#into);
    this.#makers = makersOf(graph);
    this.#sources = sourcesOf(graph, request.reads ?? new Map());
  }

  /** One walk through the graph without going back: each node says what it says in this world. */
  play(world: World): void {
    const taken = new Set<string>();
    const ran = new Map<string, WorldChoice>();
    const lookUp = (name: string): Json | undefined => {
      const maker = this.#makers.get(name);
      if (maker === undefined) return world.names.get(name);
      const said = ran.get(maker);
      return said === undefined ? undefined : dataOf(said);
    };
    for (const node of this.#order) {
      if (!this.#isDue(node, taken)) continue;
      this.due.add(node.id);
      const facts: ConditionFacts = { result: null, text: '', outputs: lookUp };
      if (node.when !== null && !this.#ask(`when:${node.id}`, node.when, facts)) continue;
      if (this.#lacksInput(node, ran)) continue;
      this.ran.add(node.id);
      this.#noteLacking(node, ran);
      const said = this.#answerOf(node, world, ran);
      ran.set(node.id, said);
      this.#leave(node, said, lookUp, taken);
    }
  }

  #isDue(node: PlanNode, taken: ReadonlySet<string>): boolean {
    const edges = this.#into.get(node.id) ?? [];
    return node.finally || edges.length === 0 || edges.some(({ id }) => taken.has(id));
  }

  #lacksInput(node: PlanNode, ran: ReadonlyMap<string, WorldChoice>): boolean {
    return node.requiredInputs.some((name) => {
      const maker = this.#makers.get(name);
      return maker !== undefined && !ran.has(maker);
    });
  }

  #noteLacking({ id }: PlanNode, ran: ReadonlyMap<string, WorldChoice>): void {
    for (const { name, makers } of this.#sources.get(id) ?? []) {
      if (makers.some((maker) => ran.has(maker))) continue;
      this.lacking.set(id, (this.lacking.get(id) ?? new Set()).add(name));
    }
  }

  /** A gate is not free in its answer: its subject decides. */
  #answerOf(node: PlanNode, world: World, ran: ReadonlyMap<string, WorldChoice>): WorldChoice {
    const said = world.answers.get(node.id) ?? NOTHING_SAID;
    const gate = ofKind(node, 'gate');
    if (gate === null || said === NOTHING_SAID) return said;
    const subject = ran.get(gate.subject);
    const data = subject === undefined || subject === NOTHING_SAID ? null : subject.data;
    const passes = meets(gate.criteria, data);
    this.#note(`gate:${gate.id}`, passes);
    return { ...said, outcome: passes || gate.severity === 'warning' ? 'ok' : 'revise' };
  }

  #leave(
    node: PlanNode,
    said: WorldChoice,
    outputs: (name: string) => Json | undefined,
    taken: Set<string>,
  ): void {
    const edges = this.#outOf.get(node.id) ?? [];
    if (said === NOTHING_SAID) {
      for (const { id } of edges) taken.add(id);
      return;
    }
    const facts: ConditionFacts = { result: said, text: said.text, outputs };
    const isAtEnd = said.outcome === 'halt';
    let opened = 0;
    for (const edge of edges) {
      if (!this.#ask(edge.id, edge.when, facts) || isAtEnd) continue;
      taken.add(edge.id);
      opened += 1;
    }
    // A node that skips its work decides nothing: if no edge matches, every edge is open.
    if (said.outcome === 'waived' && opened === 0) for (const { id } of edges) taken.add(id);
    const looped = this.#askLoops(node, facts);
    const isStranded = opened === 0 && !looped && !isAtEnd && said.outcome === 'ok';
    const isConditional = edges.some(({ when }) => when.type !== 'always');
    if (isStranded && isConditional) this.stranded.set(node.id, said);
    this.#passExhausted(node, said, outputs, taken);
  }

  #askLoops(node: PlanNode, facts: ConditionFacts): boolean {
    const failed: ConditionFacts = {
      ...facts,
      result: { outcome: 'revise', data: { error: { class: 'execution' } } },
      text: '',
    };
    const loops = this.#request.graph.loops.filter(({ from }) => from === node.id);
    const results = loops.map((loop) => {
      const holds = this.#ask(`loop:${loop.id}`, loop.trigger, facts);
      if (conditionHolds(loop.trigger, failed)) this.#note(`loop:${loop.id}`, true);
      return holds;
    });
    return results.includes(true);
  }

  /** A used-up loop that lets the run go on turns whatever was said into a pass. */
  #passExhausted(
    node: PlanNode,
    said: PossibleAnswer,
    outputs: (name: string) => Json | undefined,
    taken: Set<string>,
  ): void {
    const { graph } = this.#request;
    const letsGo = graph.loops.some(
      ({ from, onExhaust }) => from === node.id && onExhaust === 'continue',
    );
    if (!letsGo) return;
    const facts: ConditionFacts = { result: { ...said, outcome: 'ok' }, text: said.text, outputs };
    const edges = this.#outOf.get(node.id) ?? [];
    const open = edges.filter(({ when }) => conditionHolds(when, facts));
    for (const { id } of open.length === 0 ? edges : open) taken.add(id);
  }

  #ask(key: string, condition: Condition, facts: ConditionFacts): boolean {
    const holds = conditionHolds(condition, facts);
    this.#note(key, holds);
    return holds;
  }

  #note(key: string, holds: boolean): void {
    const before = this.asked.get(key);
    this.asked.set(key, {
      held: holds || before?.held === true,
      failed: !holds || before?.failed === true,
    });
  }
}

function dataOf(said: WorldChoice): Json {
  if (said === NOTHING_SAID) return '';
  return said.data ?? said.text;
}

/** Every node after all those before it; finalisers last. */
function inOrder(graph: Graph, into: ReadonlyMap<string, readonly Edge[]>): readonly PlanNode[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const order = new Set<PlanNode>();
  const visit = (node: PlanNode): void => {
    if (order.has(node)) return;
    for (const { from } of into.get(node.id) ?? []) {
      const before = nodes.get(from);
      if (before !== undefined) visit(before);
    }
    order.add(node);
  };
  for (const node of graph.nodes.filter((one) => !one.finally)) visit(node);
  for (const node of graph.nodes) visit(node);
  return [...order];
}
