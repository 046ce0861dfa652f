import { COMPLETE } from '../workflow/plan.ts';
import type { Draft } from './draft.ts';
import { wanted } from './foreach-progress.ts';
import type { Place } from './place.ts';
import { placesOf } from './place.ts';
import type { Frame, FrameFailure, FrameId } from './run.ts';
import { isLive } from './stop-nodes.ts';
import { parentNode, toleratesFailure } from './tolerates-failure.ts';

export interface FrameEnding {
  readonly ending: 'completed' | 'failed' | 'cancelled';
  readonly failure: FrameFailure | null;
}

/** How the frame ends, now that some of its nodes have; null: it goes on. */
export function endingOf(draft: Draft, id: FrameId): FrameEnding | null {
  const frame = draft.frame(id);
  const places = placesOf(draft, id).filter(({ node }) => !node.finally);
  if (frame.draining) return drainedEnding(draft, frame, places);
  if (hasEnough(draft, frame, places)) return { ending: 'completed', failure: null };
  if (places.some((place) => isLive(draft.node(place).status))) return null;
  return draft.index(id).graph.mode === 'state-machine'
    ? tokenEnding(draft, id)
    : settledEnding(draft, id, places);
}

function drainedEnding(draft: Draft, frame: Frame, places: readonly Place[]): FrameEnding | null {
  if (places.some((place) => draft.node(place).status === 'running')) return null;
  const { failure } = frame;
  return { ending: failure === null ? 'cancelled' : 'failed', failure };
}

function settledEnding(draft: Draft, id: FrameId, places: readonly Place[]): FrameEnding {
  const frame = draft.frame(id);
  const stuck = places.find((place) => draft.node(place).status === 'idle');
  if (stuck !== undefined) return failed(stuck, 'deadlock', waitsFor(draft, stuck));
  const defeated = places.find(
    (place) => draft.node(place).status === 'failed' && !toleratesFailure(draft, frame, place.node),
  );
  if (defeated !== undefined) {
    const { code, message } = draft.node(defeated).reason ?? UNKNOWN;
    return failed(defeated, code, message);
  }
  const missing = tooFew(draft, frame, places);
  return missing ?? { ending: 'completed', failure: null };
}

/** The token has reached the end, or it got lost. */
function tokenEnding(draft: Draft, id: FrameId): FrameEnding | null {
  const { edges, nodes } = draft.index(id).graph;
  const ended = edges.some((edge) => edge.to === COMPLETE && draft.edge(id, edge.id) === 'taken');
  if (ended || nodes.length === 0) return { ending: 'completed', failure: null };
  const message = 'No step is active any more.';
  const failure = { code: 'deadlock', message, node: id, escalate: false, loop: null };
  return { ending: 'failed', failure };
}

/** A group that asks for some of its members only. */
function hasEnough(draft: Draft, frame: Frame, places: readonly Place[]): boolean {
  const parent = parentNode(draft, frame);
  if (parent?.kind !== 'group' || parent.completeWhen === 'all') return false;
  return completedIn(draft, places) >= wanted(parent.completeWhen, places.length);
}

function tooFew(draft: Draft, frame: Frame, places: readonly Place[]): FrameEnding | null {
  const parent = parentNode(draft, frame);
  if (parent?.kind !== 'group') return null;
  const done = completedIn(draft, places);
  const lost = places.find((place) => draft.node(place).status === 'failed');
  const isShort = parent.completeWhen !== 'all' || (lost !== undefined && done === 0);
  const place = lost ?? places[0];
  if (!isShort || place === undefined) return null;
  return failed(place, 'not-enough-members', `Only ${done} of ${places.length} members are done.`);
}

function completedIn(draft: Draft, places: readonly Place[]): number {
  return places.filter((place) => draft.node(place).status === 'completed').length;
}

const UNKNOWN = { code: 'failed', message: 'It failed.' };

function failed(place: Place, code: string, message: string): FrameEnding {
  return {
    ending: 'failed',
    failure: { code, message, node: place.key, escalate: false, loop: null },
  };
}

function waitsFor(draft: Draft, place: Place): string {
  const pending = (place.index.incoming.get(place.node.id) ?? [])
    .filter((edge) => draft.edge(place.frame, edge.id) === 'pending')
    .map((edge) => `${edge.from} -> ${edge.to}`);
  return `It waits for ${pending.join(', ') || 'nothing'}, and nothing else runs.`;
}
