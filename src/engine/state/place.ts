import type { PlanNode } from '../../plan/plan.ts';
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

/** Null when the run, or this frame, has no such node. */
export function findPlace(draft: Draft, key: NodeKey): Place | null {
  const { frame, id } = splitKey(key);
  return draft.frames[frame] === undefined ? null : placeIn(draft, frame, id);
}

export function placeIn(draft: Draft, frame: FrameId, id: string): Place | null {
  const index = draft.index(frame);
  const node = index.nodes.get(id);
  return node === undefined ? null : { key: frame + id, frame, node, index };
}

/** The live nodes of a frame, in plan order. */
export function livePlacesOf(draft: Draft, frame: FrameId): Place[] {
  const index = draft.index(frame);
  const live = draft.live(frame);
  const nodes =
    live.size * 8 > index.graph.nodes.length
      ? index.graph.nodes.filter(({ id }) => live.has(id))
      : sortedNodes(index, live);
  return nodes.map((node) => ({ key: frame + node.id, frame, node, index }));
}

function sortedNodes(index: GraphIndex, ids: ReadonlySet<string>): PlanNode[] {
  const position = (node: PlanNode): number => index.position.get(node.id) ?? 0;
  return [...ids]
    .flatMap((id) => index.nodes.get(id) ?? [])
    .toSorted((left, right) => position(left) - position(right));
}

/** Every node of a frame, in plan order. */
export function placesOf(draft: Draft, frame: FrameId): Place[] {
  const index = draft.index(frame);
  return index.graph.nodes.map((node) => ({ key: frame + node.id, frame, node, index }));
}
