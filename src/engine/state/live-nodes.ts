import { isLive } from './is-live.ts';
import type { Frame } from './run.ts';

/** A cache: all of it follows from the frame, which never changes. */
const liveNodes = new WeakMap<Frame, ReadonlySet<string>>();

/** Ids of a frame's live nodes. */
export function liveNodesOf(frame: Frame): ReadonlySet<string> {
  const known = liveNodes.get(frame);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const id of Object.keys(frame.nodes)) {
    const state = frame.nodes[id];
    if (state !== undefined && isLive(state.status)) found.add(id);
  }
  liveNodes.set(frame, found);
  return found;
}

/** Saves the next event the search. The set must not change any more. */
export function rememberLive(frame: Frame, live: ReadonlySet<string>): void {
  liveNodes.set(frame, live);
}
