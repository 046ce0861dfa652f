import type { Edge } from '../../plan/plan.ts';
import type { EdgeState, Frame, NodeState } from './run.ts';

/** Whether the edge is open, as far as the node it comes from has decided. */
export function edgeState(frame: Frame, edge: Edge): EdgeState {
  const from = frame.nodes[edge.from];
  if (from === undefined || from.exits === 'open') return 'pending';
  return isTaken(from, edge) ? 'taken' : 'dead';
}

/** An unconditional edge matches every answer. */
export function matches(edge: Edge, state: NodeState): boolean {
  return edge.when.type === 'always' || state.verdicts[edge.id] === true;
}

function isTaken(from: NodeState, edge: Edge): boolean {
  if (from.exits === 'as-answered') return matches(edge, from);
  return typeof from.exits === 'object' ? from.exits.edge === edge.id : from.exits === 'all';
}
