import type { Graph } from '../plan/plan.ts';
import type { PossibleAnswer } from './answers.ts';
import { type ConditionFate, type Survey, surveyGraph } from './survey.ts';
import type { SurveyRequest } from './worlds.ts';

/**
 * What can happen in a graph. One too large to be tried as a whole is tried node by node, each with
 * what comes before it; whatever cannot be tried at all counts as possible.
 */
export function survey(request: SurveyRequest): Survey {
  return surveyGraph(request) ?? surveyInParts(request);
}

function surveyInParts(request: SurveyRequest): Survey {
  const ran = new Set<string>();
  const due = new Set<string>();
  const asked = new Map<string, ConditionFate>();
  const stranded = new Map<string, PossibleAnswer>();
  const lacking = new Map<string, ReadonlySet<string>>();
  const cones = request.graph.nodes.map(({ id }) => ({ id, graph: coneOf(request.graph, id) }));
  // The small ones first: what is left over may not be enough for the large ones.
  for (const { id, graph } of cones.toSorted(
    (a, b) => a.graph.nodes.length - b.graph.nodes.length,
  )) {
    const part = surveyGraph({ ...request, graph });
    if (part === null || part.due.has(id)) due.add(id);
    if (part === null || part.ran.has(id)) ran.add(id);
    for (const key of keysAt(request.graph, id)) {
      const answer = part?.asked.get(key);
      if (answer !== undefined) asked.set(key, answer);
    }
    const end = part?.stranded.get(id);
    if (end !== undefined) stranded.set(id, end);
    const lacks = part?.lacking.get(id);
    if (lacks !== undefined) lacking.set(id, lacks);
  }
  return { ran, due, asked, stranded, lacking };
}

/** A node with everything that comes before it, and the edges that lead out of it. */
function coneOf(graph: Graph, id: string): Graph {
  const inside = new Set([id]);
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { from, to } of graph.edges) {
      if (to !== next || inside.has(from)) continue;
      inside.add(from);
      open.push(from);
    }
  }
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => inside.has(node.id)),
    edges: graph.edges.filter(
      ({ from, to }) => inside.has(from) && (inside.has(to) || from === id),
    ),
    loops: graph.loops.filter(({ from }) => from === id),
  };
}

function keysAt(graph: Graph, id: string): readonly string[] {
  return [
    `when:${id}`,
    `gate:${id}`,
    ...graph.edges.filter(({ from }) => from === id).map((edge) => edge.id),
    ...graph.loops.filter(({ from }) => from === id).map((loop) => `loop:${loop.id}`),
  ];
}
