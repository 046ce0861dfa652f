import type { Edge, Graph, Loop, PlanNode } from '../../plan/plan.ts';

/** What is looked up about a graph over and over. A cache: all of it follows from the graph. */
export interface GraphIndex {
  readonly graph: Graph;
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly position: ReadonlyMap<string, number>;
  readonly incoming: ReadonlyMap<string, readonly Edge[]>;
  readonly outgoing: ReadonlyMap<string, readonly Edge[]>;
  readonly loopsFrom: ReadonlyMap<string, readonly Loop[]>;
  /** Length of the longest path to a node over forward edges. */
  readonly rank: ReadonlyMap<string, number>;
  /** Output name -> the nodes that produce it, in plan order. */
  readonly producers: ReadonlyMap<string, readonly string[]>;
  readonly ancestors: Map<string, ReadonlySet<string>>;
  readonly bodies: Map<string, ReadonlySet<string>>;
}

const indexes = new WeakMap<Graph, GraphIndex>();
const NONE: readonly never[] = [];

export function indexOf(graph: Graph): GraphIndex {
  const known = indexes.get(graph);
  if (known !== undefined) return known;
  const index = buildIndex(graph);
  indexes.set(graph, index);
  return index;
}

export function edgesInto(index: GraphIndex, id: string): readonly Edge[] {
  return index.incoming.get(id) ?? NONE;
}

export function edgesOutOf(index: GraphIndex, id: string): readonly Edge[] {
  return index.outgoing.get(id) ?? NONE;
}

export function loopsOutOf(index: GraphIndex, id: string): readonly Loop[] {
  return index.loopsFrom.get(id) ?? NONE;
}

/** Every node from which `id` can be reached over forward edges, excluding itself. */
export function ancestorsOf(index: GraphIndex, id: string): ReadonlySet<string> {
  const known = index.ancestors.get(id);
  if (known !== undefined) return known;
  const found = new Set(reach(id, (at) => edgesInto(index, at).map((edge) => edge.from)));
  found.delete(id);
  index.ancestors.set(id, found);
  return found;
}

/** Nodes on the path from a loop's target to its source, both included. */
export function bodyOf(index: GraphIndex, loop: Loop): ReadonlySet<string> {
  const known = index.bodies.get(loop.id);
  if (known !== undefined) return known;
  const below = reach(loop.to, (at) => edgesOutOf(index, at).map((edge) => edge.to));
  const above = ancestorsOf(index, loop.from);
  const body = new Set([...below].filter((id) => above.has(id) || id === loop.from));
  body.add(loop.to).add(loop.from);
  index.bodies.set(loop.id, body);
  return body;
}

/** Everything reachable from `start`, including itself; `next` gives a node's neighbours. */
export function reach(start: string, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set([start]);
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const neighbour of next(id)) {
      if (found.has(neighbour)) continue;
      found.add(neighbour);
      open.push(neighbour);
    }
  }
  return found;
}

function buildIndex(graph: Graph): GraphIndex {
  const incoming = Map.groupBy(graph.edges, (edge) => edge.to);
  const outgoing = Map.groupBy(graph.edges, (edge) => edge.from);
  const named = graph.nodes.filter((node) => node.output !== null);
  const producers = Map.groupBy(named, (node) => node.output ?? '');
  return {
    graph,
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    position: new Map(graph.nodes.map((node, position) => [node.id, position])),
    incoming,
    outgoing,
    loopsFrom: Map.groupBy(graph.loops, (loop) => loop.from),
    rank: rankNodes(graph, incoming, outgoing),
    producers: new Map([...producers].map(([name, nodes]) => [name, nodes.map(({ id }) => id)])),
    ancestors: new Map(),
    bodies: new Map(),
  };
}

/** In state-machine mode edges may form cycles; nodes on them keep rank 0. */
function rankNodes(
  graph: Graph,
  incoming: ReadonlyMap<string, readonly Edge[]>,
  outgoing: ReadonlyMap<string, readonly Edge[]>,
): Map<string, number> {
  const rank = new Map(graph.nodes.map((node) => [node.id, 0]));
  const missing = new Map(graph.nodes.map((node) => [node.id, incoming.get(node.id)?.length ?? 0]));
  const open = graph.nodes.filter((node) => missing.get(node.id) === 0).map((node) => node.id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { to } of outgoing.get(id) ?? NONE) {
      rank.set(to, Math.max(rank.get(to) ?? 0, (rank.get(id) ?? 0) + 1));
      const left = (missing.get(to) ?? 0) - 1;
      missing.set(to, left);
      if (left === 0) open.push(to);
    }
  }
  return rank;
}
