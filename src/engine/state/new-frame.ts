import type { Json, JsonObject } from '../../plan/json.ts';
import type { Graph } from '../../plan/plan.ts';
import { idleNode, nextVisit } from './idle-node.ts';
import type { Frame, LoopState, NodeKey, NodeState } from './run.ts';

export const FRESH_LOOP: LoopState = { count: 0, lastFingerprint: null, usd: 0, exhausted: null };

export interface FrameOrigin {
  readonly parent: NodeKey | null;
  readonly parentVisit: number;
  readonly index: number | null;
  readonly item: Json;
  readonly params: JsonObject;
  readonly tries: number;
}

/**
 * A frame with every node idle. `earlier` is the frame with the same id from an earlier visit:
 * visit numbers continue from there, so that its late events name visits that are over.
 */
export function newFrame(graph: Graph, origin: FrameOrigin, earlier: Frame | null): Frame {
  const nodes = graph.nodes.map((node): [string, NodeState] => {
    const before = earlier?.nodes[node.id];
    const mayKeep = node.once && graph.mode === 'graph';
    return [node.id, before === undefined ? idleNode(1) : succeed(before, mayKeep)];
  });
  return {
    graph: graph.id,
    ...origin,
    status: 'running',
    nodes: Object.fromEntries(nodes),
    loops: Object.fromEntries(graph.loops.map((loop) => [loop.id, FRESH_LOOP])),
    draining: false,
    ending: null,
    failure: null,
  };
}

/** True for a node that is declared `once` and has done its work. A token always redoes it. */
export function isKept(state: NodeState, once: boolean): boolean {
  return once && state.status === 'completed' && state.result?.outcome === 'ok';
}

function succeed(before: NodeState, once: boolean): NodeState {
  return isKept(before, once) ? { ...before, exits: 'open' } : nextVisit(before);
}
