import type { Condition } from '../../plan/condition.ts';
import { ofKind } from '../../plan/kinds.ts';
import type { Graph, Plan, PlanNode } from '../../plan/plan.ts';
import { atomsOf, splitHead } from '../atoms.ts';

/** Tells whose results will still be asked about after the step is over. */
export interface WantedResults {
  readonly has: (graph: string, node: PlanNode) => boolean;
}

const known = new WeakMap<Plan, WantedResults>();

export function wantedIn(plan: Plan): WantedResults {
  const before = known.get(plan);
  if (before !== undefined) return before;
  const graphs = Object.values(plan.graphs);
  const names = new Set(graphs.flatMap(namesIn));
  const isNamed = (graph: Graph, node: PlanNode): boolean =>
    (node.output !== null && names.has(node.output)) ||
    graph.nodes.some((gate) => ofKind(gate, 'gate')?.subject === node.id);
  const whole = wholeGraphs(graphs, isNamed);
  const wanted: WantedResults = {
    has: (id, node) => {
      const graph = plan.graphs[id];
      return graph === undefined || whole.has(id) || isNamed(graph, node);
    },
  };
  known.set(plan, wanted);
  return wanted;
}

/** Outputs that conditions and item lists name. */
function namesIn({ edges, loops, nodes }: Graph): readonly string[] {
  const conditions: readonly (Condition | null)[] = [
    ...edges.map(({ when }) => when),
    ...loops.map(({ trigger }) => trigger),
    ...nodes.map(({ when }) => when),
  ];
  const paths = conditions.flatMap((condition) =>
    condition === null
      ? []
      : atomsOf(condition).flatMap((atom) => (atom.type === 'output' ? [atom.path] : [])),
  );
  const items = nodes.flatMap((node) => {
    const source = ofKind(node, 'foreach')?.items;
    return source?.type === 'output' ? [source.path] : [];
  });
  return [...paths, ...items].map((path) => splitHead(path).head);
}

/** The answer of a composite step is made of all its members' answers. */
function wholeGraphs(
  graphs: readonly Graph[],
  isNamed: (graph: Graph, node: PlanNode) => boolean,
): ReadonlySet<string> {
  const whole = new Set<string>();
  for (let before = -1; before !== whole.size; ) {
    before = whole.size;
    for (const graph of graphs) {
      for (const node of graph.nodes) {
        if (!('graph' in node)) continue;
        if (whole.has(graph.id) || isNamed(graph, node)) whole.add(node.graph);
      }
    }
  }
  return whole;
}
