import { isBehindFailure } from '../read/is-behind-failure.ts';
import type { Draft } from '../state/draft.ts';
import type { GraphIndex } from '../state/graph-index.ts';
import { edgesInto, edgesOutOf, reach } from '../state/graph-index.ts';
import { nextVisit } from '../state/idle-node.ts';
import { FRESH_LOOP, isKept } from '../state/new-frame.ts';
import type { Place } from '../state/place.ts';
import { placeIn } from '../state/place.ts';
import type { FrameId } from '../state/run.ts';
import { stopWork } from './stop-nodes.ts';

/**
 * Takes `target`, `source` and everything that follows from `target` and is not idle back to before
 * it started. Their visits go up, and their outputs become history. The source has already ended,
 * so nobody is stopped there.
 */
export function resetFrom(draft: Draft, frame: FrameId, target: string, source: string): void {
  const index = draft.index(frame);
  const members = resetSet(draft, frame, index, target, source);
  for (const id of members) {
    const place = placeIn(draft, frame, id);
    if (place === null || staysBlocked(draft, place, members)) continue;
    if (id !== source) stopWork(draft, place, 'superseded');
    resetNode(draft, place, id !== target && id !== source);
  }
  resetInnerLoops(draft, frame, index, target, members);
  for (const id of members) {
    const place = id === target ? null : placeIn(draft, frame, id);
    if (place !== null && !hasPending(draft, place)) draft.wake(place.key);
  }
}

/** A node with an undecided edge is checked when that edge is decided, and not before. */
export function hasPending(draft: Draft, { frame, index, node }: Place): boolean {
  return edgesInto(index, node.id).some((edge) => draft.edge(frame, edge) === 'pending');
}

/** The members of a reset; changes nothing. */
export function resetSet(
  draft: Draft,
  frame: FrameId,
  index: GraphIndex,
  target: string,
  source: string,
): ReadonlySet<string> {
  if (index.graph.mode === 'state-machine') return new Set([target, source]);
  const nodes = draft.frame(frame).nodes;
  const below = reachable(index, target, new Set());
  const staying = new Set<string>();
  let members = below;
  for (let before = -1; before !== staying.size; ) {
    before = staying.size;
    for (const id of members) {
      if (id !== target && id !== source && firedFromOutside(draft, frame, index, id, members)) {
        staying.add(id);
      }
    }
    if (staying.size > before) members = reachable(index, target, staying);
  }
  const active = [...members].filter((id) => nodes[id]?.status !== 'idle');
  return new Set([target, ...active, source]);
}

function reachable(
  index: GraphIndex,
  target: string,
  staying: ReadonlySet<string>,
): ReadonlySet<string> {
  return reach(target, (id) =>
    edgesOutOf(index, id)
      .map((edge) => edge.to)
      .filter((to) => index.nodes.has(to) && !staying.has(to)),
  );
}

/** A first-come join that was opened from elsewhere does not depend on the target, so it stays. */
function firedFromOutside(
  draft: Draft,
  frame: FrameId,
  index: GraphIndex,
  id: string,
  members: ReadonlySet<string>,
): boolean {
  const first = draft.frame(frame).nodes[id]?.firedBy ?? null;
  if (first === null) return false;
  return edgesInto(index, id).some((edge) => edge.id === first && !members.has(edge.from));
}

function resetNode(draft: Draft, place: Place, keepOnce: boolean): void {
  const state = draft.node(place);
  const kept = keepOnce && isKept(state, place.node.once);
  draft.setNode(place, kept ? { ...state, exits: 'open' } : nextVisit(state));
}

/** Whatever waits behind another failure that is not being undone here goes on waiting. */
function staysBlocked(draft: Draft, place: Place, members: ReadonlySet<string>): boolean {
  if (draft.node(place).status !== 'blocked') return false;
  return isBehindFailure(draft, place, (id) => members.has(id));
}

/** Restarts the counters of loops that lie inside and come back to somewhere after the target. */
function resetInnerLoops(
  draft: Draft,
  frame: FrameId,
  index: GraphIndex,
  target: string,
  members: ReadonlySet<string>,
): void {
  for (const loop of index.graph.loops) {
    const inside = members.has(loop.from) && members.has(loop.to) && loop.to !== target;
    if (inside) draft.setLoop(frame, loop.id, FRESH_LOOP);
  }
}
