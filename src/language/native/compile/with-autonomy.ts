import { kindOf, runsText, writes } from '../../../plan/kinds.ts';
import type { ApprovalPolicy, Graph, PlanNode, Policies } from '../../../plan/plan.ts';
import type { WorkflowDefinition } from '../syntax/definition.ts';

/** What `requires_approval: true` asks for. */
function lookAt(id: string): ApprovalPolicy {
  return {
    when: 'after',
    prompt: null,
    approvers: { role: 'write', teams: [], users: [], count: 1 },
    revise: { to: id, max: 3 },
    expireMs: null,
    batch: false,
    selfApprove: 'allow',
  };
}

type Change = (node: PlanNode) => PlanNode;

/** What each level does with a step; the graph stays the same. */
const LEVELS: Readonly<Record<Policies['autonomy'], Change>> = {
  assisted: (node) => (isWork(node) ? lookedAt(asked(node)) : asked(node)),
  supervised: (node) => (isWork(node) && !isAuthor(node) ? checked(asked(node)) : asked(node)),
  autonomous: (node) => node,
  ase: (node) => node,
};

/** The graphs of a native workflow, including those it calls, at its level of autonomy. */
export function withAutonomy(
  graphs: ReadonlyMap<string, Graph>,
  { spec, dialect = 'native' }: WorkflowDefinition,
): Readonly<Record<string, Graph>> {
  const { autonomy } = spec;
  const change = autonomy === undefined || dialect !== 'native' ? null : LEVELS[autonomy];
  if (change === null) return Object.fromEntries(graphs);
  const changed = [...graphs].map(
    ([key, graph]) => [key, { ...graph, nodes: graph.nodes.map(change) }] as const,
  );
  return Object.fromEntries(changed);
}

/** True when stop points pass without a batch approval. */
export function passesStops({ spec, dialect = 'native' }: WorkflowDefinition): boolean {
  return dialect === 'native' && (spec.autonomy === 'autonomous' || spec.autonomy === 'ase');
}

/** What has a result of its own to look at: agents and commands, but not finalisers. */
function isWork(node: PlanNode): boolean {
  return !node.finally && runsText(node);
}

/** A command is there to check something: what it does to the files is not an author's work. */
function isAuthor(node: PlanNode): boolean {
  return kindOf(node).worker === 'agent' && writes(node);
}

/** A step that already asks keeps asking what it asks. */
function lookedAt(node: PlanNode): PlanNode {
  if (node.approval !== null || kindOf(node).settledBy === 'person') return node;
  return { ...node, approval: lookAt(node.id) };
}

/** A stop that no batch approval lets pass. */
function asked(node: PlanNode): PlanNode {
  return node.stopPoint ? { ...node, stopPoint: false } : node;
}

/** People see what an agent found; if it or a command fails permanently, they say how to go on. */
function checked(node: PlanNode): PlanNode {
  const seen = kindOf(node).worker === 'agent' ? lookedAt(node) : node;
  return seen.disposition === 'required' ? { ...seen, disposition: 'checkpoint' } : seen;
}
