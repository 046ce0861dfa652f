import type { Json, JsonObject } from '../../plan/json.ts';
import type { Draft } from '../state/draft.ts';
import type { GraphIndex } from '../state/graph-index.ts';
import { indexOf } from '../state/graph-index.ts';
import { newFrame } from '../state/new-frame.ts';
import { graphOf } from '../state/new-run.ts';
import { frameIdFor } from '../state/node-key.ts';
import type { Place } from '../state/place.ts';
import { placeIn } from '../state/place.ts';
import type { Frame, FrameId } from '../state/run.ts';
import { makeReady } from './evaluate-join.ts';
import { handDown } from './hand-down.ts';

export interface Member {
  readonly graph: string;
  readonly index: number | null;
  readonly item: Json;
  readonly params: JsonObject;
  readonly tries: number;
}

/** Why a frame cannot be opened; the composite node then fails permanently. */
export interface FrameProblem {
  readonly reason: 'call-depth' | 'visit-cap';
  readonly message: string;
}

const MAX_DEPTH = 16;

/** Opens a frame below a composite node and makes its first nodes ready. */
export function openFrame(draft: Draft, place: Place, member: Member): FrameProblem | null {
  const id = frameIdFor(place.key, member.index);
  if (depthOf(id) > MAX_DEPTH) {
    return { reason: 'call-depth', message: `Nested deeper than ${MAX_DEPTH} levels.` };
  }
  const { graph, ...rest } = member;
  const origin = { ...rest, parent: place.key, parentVisit: draft.node(place).visit };
  const earlier = draft.frames[id] ?? null;
  const frame = newFrame(graphOf(draft.plan, graph), origin, earlier);
  const worn = overVisited(draft, frame);
  if (worn !== null) return { reason: 'visit-cap', message: `${worn} was visited too often.` };
  draft.addFrame(id, toldWhy(draft, place, { id, frame, earlier }));
  enterFrame(draft, id);
  return null;
}

/** In a state machine, each step is told which node led to it. */
function toldWhy(
  draft: Draft,
  place: Place,
  { id, frame, earlier }: { id: FrameId; frame: Frame; earlier: Frame | null },
): Frame {
  const { loopContext } = draft.node(place);
  if (loopContext === null || place.index.graph.mode === 'state-machine') return frame;
  const index = indexOf(graphOf(draft.plan, frame.graph));
  return handDown(frame, index, loopContext, { id, earlier });
}

/** Starts whatever has nothing to wait for: a graph's first nodes, or a state machine's token. */
export function enterFrame(draft: Draft, id: FrameId): void {
  const index = draft.index(id);
  draft.touch(id);
  if (index.graph.mode === 'state-machine') return placeToken(draft, id, index);
  for (const node of index.graph.nodes) {
    if (!index.incoming.has(node.id) && !node.finally) draft.wake(id + node.id);
  }
}

function placeToken(draft: Draft, id: FrameId, index: GraphIndex): void {
  const first = index.graph.nodes.find((node) => !node.finally);
  const place = first === undefined ? null : placeIn(draft, id, first.id);
  if (place !== null) makeReady(draft, place, 0);
}

function depthOf(id: FrameId): number {
  return id.split('/').length - 1;
}

function overVisited(draft: Draft, frame: Frame): string | null {
  const cap = draft.plan.policies.caps.visitsPerNode * (1 + draft.run.counters.resumes);
  for (const [id, state] of Object.entries(frame.nodes)) if (state.visit > cap) return id;
  return null;
}
