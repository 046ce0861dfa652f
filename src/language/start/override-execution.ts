import type { JsonObject } from '../../plan/json.ts';
import { isComposite, kindOf, ofKind } from '../../plan/kinds.ts';
import type { AgentNode, Graph, Plan } from '../../plan/plan.ts';
import { nearest } from '../problems/nearest.ts';
import type { ParamProblem } from './start-params.ts';

export interface Overridden {
  readonly plan: Plan;
  /** What else was given. */
  readonly params: JsonObject;
  readonly problems: readonly ParamProblem[];
}

type Execution = AgentNode['execution'];

const KEY = 'execution';
const OF_STEP = `${KEY}.`;
const CHOICES: readonly Execution[] = ['main', 'subagent'];

/**
 * The plan as a start wants it: `execution=main` for every agent step, `execution.<step>=main` for
 * one, which wins. Steps of called workflows keep what their file says.
 */
export function overrideExecution(plan: Plan, given: JsonObject): Overridden {
  // A workflow may have a parameter of that name; with a dot there is none.
  const isParam = (name: string) =>
    !name.startsWith(OF_STEP) && (name !== KEY || Object.hasOwn(plan.policies.params, name));
  const entries = Object.entries(given);
  const agents = ownGraphs(plan, plan.main).flatMap(agentsOf);
  const wishes = entries
    .filter(([name]) => !isParam(name))
    .toSorted(([one], [other]) => one.length - other.length)
    .map(([name, value]) => readWish(name, value, agents));
  const problems = wishes.flatMap((wish) => ('problem' in wish ? [wish.problem] : []));
  const changes = new Map(
    wishes.flatMap((wish) =>
      'execution' in wish ? wish.steps.map((step) => [step, wish.execution] as const) : [],
    ),
  );
  return {
    plan: withExecution(plan, changes),
    params: Object.fromEntries(entries.filter(([name]) => isParam(name))),
    problems,
  };
}

type Wish =
  | { readonly problem: ParamProblem }
  | { readonly execution: Execution; readonly steps: readonly AgentNode[] };

function readWish(name: string, value: unknown, agents: readonly AgentNode[]): Wish {
  const id = name.slice(OF_STEP.length);
  const steps = name === KEY ? agents : agents.filter((agent) => agent.id === id);
  if (steps.length === 0) {
    const meant = nearest(
      id,
      agents.map((agent) => agent.id),
    );
    const suggestion = meant === null ? null : OF_STEP + meant;
    return { problem: { type: 'unknown', name, suggestion } };
  }
  const execution = CHOICES.find((choice) => choice === value);
  if (execution === undefined) return { problem: { type: 'no-choice', name, choices: CHOICES } };
  const fixed = steps
    .filter((step) => step.meta['allow_override'] === false && step.execution !== execution)
    .map((step) => step.id);
  return fixed.length > 0
    ? { problem: { type: 'fixed', name, steps: fixed } }
    : { execution, steps };
}

/** The graphs that the workflow itself defines: not those of workflows it calls. */
function ownGraphs(plan: Plan, id: string): readonly Graph[] {
  const graph = plan.graphs[id];
  if (graph === undefined) return [];
  const inner = graph.nodes.flatMap((node) => {
    const isWritten = isComposite(node) && !kindOf(node).isOwnFile;
    return isWritten && node.graph === `${id}/${node.id}` ? ownGraphs(plan, node.graph) : [];
  });
  return [graph, ...inner];
}

function agentsOf({ nodes }: Graph): readonly AgentNode[] {
  return nodes.flatMap((node) => ofKind(node, 'agent') ?? []);
}

function withExecution(plan: Plan, changes: ReadonlyMap<unknown, Execution>): Plan {
  if (changes.size === 0) return plan;
  const graphs = Object.entries(plan.graphs).map(([id, graph]): [string, Graph] => {
    const nodes = graph.nodes.map((node) => {
      const execution = changes.get(node);
      const agent = ofKind(node, 'agent');
      return agent === null || execution === undefined ? node : { ...agent, execution };
    });
    return [id, { ...graph, nodes }];
  });
  return { ...plan, graphs: Object.fromEntries(graphs) };
}
