import type { Plan } from '../../plan/plan.ts';
import { edgesOutOf, indexOf, reach } from '../state/graph-index.ts';
import { ROOT } from '../state/node-key.ts';
import type { NodeState, Run } from '../state/run.ts';

/** What a step is told sent it back. */
export const REDESIGN = 'redesign';

/** Steps already reached that changed requirements make run again; empty if none takes them. */
export function redesignedSteps(plan: Plan, run: Run): readonly string[] {
  return stepsBehind(plan, run, wasReached);
}

function wasReached({ status }: NodeState): boolean {
  return status !== 'idle' && status !== 'skipped';
}

/** Steps done for the old requirements that still have to be done for the new ones. */
export function stepsToRepeat(plan: Plan, run: Run): readonly string[] {
  return stepsBehind(plan, run, ({ status, visit }) => status === 'idle' && visit > 1);
}

function stepsBehind(plan: Plan, run: Run, fits: (state: NodeState) => boolean): readonly string[] {
  const graph = plan.graphs[plan.main];
  const to = plan.policies.redesign?.to;
  if (graph === undefined || to === undefined) return [];
  const index = indexOf(graph);
  const behind = reach(to, (id) => edgesOutOf(index, id).map((edge) => edge.to));
  const nodes = run.frames[ROOT]?.nodes ?? {};
  return graph.nodes
    .map(({ id }) => id)
    .filter((id) => {
      const state = behind.has(id) ? nodes[id] : undefined;
      return state !== undefined && fits(state);
    });
}
