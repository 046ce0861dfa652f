import type { Edge, Graph, PlanNode } from '../plan/plan.ts';

/** An output that a node reads, with the nodes that make it. */
export interface OutputSource {
  readonly name: string;
  readonly makers: readonly string[];
}

/** What each node reads, with only those makers that have ended whenever it starts. */
export function sourcesOf(
  graph: Graph,
  reads: ReadonlyMap<string, readonly OutputSource[]>,
): ReadonlyMap<string, readonly OutputSource[]> {
  const settled = settledBefore(graph);
  return new Map(
    [...reads].map(([id, sources]) => [
      id,
      sources.map(({ name, makers }) => ({
        name,
        makers: makers.filter((maker) => settled.get(id)?.has(maker) === true),
      })),
    ]),
  );
}

/** Node → nodes that have certainly ended when it starts; a finaliser can count on none. */
function settledBefore(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const into = Map.groupBy(graph.edges, ({ to }) => to);
  const known = new Map<string, ReadonlySet<string>>();
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const visit = (node: PlanNode): ReadonlySet<string> => {
    const found = known.get(node.id);
    if (found !== undefined) return found;
    const ways = (into.get(node.id) ?? []).flatMap(({ from }: Edge) => {
      const before = nodes.get(from);
      return before === undefined ? [] : [new Set([...visit(before), from])];
    });
    const settled = node.finally ? new Set<string>() : joined(ways, node.join);
    known.set(node.id, settled);
    return settled;
  };
  for (const node of graph.nodes) visit(node);
  return known;
}

/** A node that starts on its first open edge only knows what is on all of them. */
function joined(ways: readonly ReadonlySet<string>[], join: PlanNode['join']): ReadonlySet<string> {
  if (join === 'all') return new Set(ways.flatMap((way) => [...way]));
  const [first = new Set<string>(), ...rest] = ways;
  return new Set([...first].filter((id) => rest.every((way) => way.has(id))));
}
