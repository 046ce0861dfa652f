import type { Plan } from '../../plan/plan.ts';

/** The main graph and all the graphs it opens. */
export function graphsInUse(plan: Plan): readonly Plan['graphs'][string][] {
  const found = new Set<string>();
  const open = [plan.main];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const node of plan.graphs[id]?.nodes ?? []) if ('graph' in node) open.push(node.graph);
  }
  return [...found].flatMap((id) => plan.graphs[id] ?? []);
}
