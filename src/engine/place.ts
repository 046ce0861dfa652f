import type { PlanNode } from '../workflow/plan.ts';
import type { Draft } from './draft.ts';
import type { GraphIndex } from './graph-index.ts';
import { splitKey } from './node-key.ts';
import type { FrameId, NodeKey } from './run.ts';

/** One node of one frame. */
export interface Place {
  readonly key: NodeKey;
  readonly frame: FrameId;
  readonly node: PlanNode;
  readonly index: GraphIndex;
}

/** Null when the run has no such node, or not in this frame. */
export function findPlace(draft: Draft, key: NodeKey): Place | null {
  const { frame, id } = splitKey(key);
  return draft.frames[frame] === undefined ? null : placeIn(draft, frame, id);
}

export function placeIn(draft: Draft, frame: FrameId, id: string): Place | null {
  const index = draft.index(frame);
  const node = index.nodes.get(id);
  return node === undefined ? null : { key: frame + id, frame, node, index };
}

/** Every node of a frame, in plan order. */
export function placesOf(draft: Draft, frame: FrameId): Place[] {
  const index = draft.index(frame);
  return index.graph.nodes.map((node) => ({ key: frame + node.id, frame, node, index }));
}
