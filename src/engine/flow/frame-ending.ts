import { ofKind } from '../../plan/kinds.ts';
import { COMPLETE } from '../../plan/plan.ts';
import { wanted } from '../read/foreach-progress.ts';
import { isBehindFailure } from '../read/is-behind-failure.ts';
import { isDefeated, parentNode } from '../read/tolerates-failure.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import { livePlacesOf, placesOf } from '../state/place.ts';
import type { Frame, FrameFailure, FrameId } from '../state/run.ts';

export interface FrameEnding {
  readonly ending: 'completed' | 'failed' | 'cancelled';
  readonly failure: FrameFailure | null;
}

/** How the frame ends, now that some of its nodes have; null if it goes on. */
export function endingOf(draft: Draft, id: FrameId): FrameEnding | null {
  const frame = draft.frame(id);
  const live = livePlacesOf(draft, id).filter(isRegular);
  if (frame.draining) return drainedEnding(draft, frame, live);
  if (hasEnough(draft, id)) return { ending: 'completed', failure: null };
  if (live.length > 0) return null;
  const places = placesOf(draft, id).filter(isRegular);
  return draft.index(id).graph.mode === 'state-machine'
    ? tokenEnding(draft, id, places)
    : settledEnding(draft, id, places);
}

function isRegular({ node }: Place): boolean {
  return !node.finally;
}

function drainedEnding(draft: Draft, frame: Frame, live: readonly Place[]): FrameEnding | null {
  if (live.some((place) => draft.node(place).status === 'running')) return null;
  const { failure } = frame;
  return { ending: failure === null ? 'cancelled' : 'failed', failure };
}

function settledEnding(draft: Draft, id: FrameId, places: readonly Place[]): FrameEnding {
  const defeated = places.find((place) => isDefeated(draft.node(place)));
  const stuck = places.find(
    (place) => draft.node(place).status === 'idle' && !isBlocked(draft, place),
  );
  if (stuck !== undefined) return failed(stuck, 'deadlock', waitsFor(draft, stuck));
  if (defeated !== undefined) return defeatedEnding(draft, defeated);
  return tooFew(draft, draft.frame(id), places) ?? { ending: 'completed', failure: null };
}

/** It was free when the step before it failed, and a loop has since taken it back. */
function isBlocked(draft: Draft, place: Place): boolean {
  return isBehindFailure(draft, place, () => false);
}

/** The token has reached the end, or it has got lost. */
function tokenEnding(draft: Draft, id: FrameId, places: readonly Place[]): FrameEnding {
  const defeated = places.find((place) => isDefeated(draft.node(place)));
  if (defeated !== undefined) return defeatedEnding(draft, defeated);
  const ended = draft
    .index(id)
    .graph.edges.some((edge) => edge.to === COMPLETE && draft.edge(id, edge) === 'taken');
  const first = places[0];
  if (ended || first === undefined) return { ending: 'completed', failure: null };
  return failed(first, 'deadlock', 'No step is active any more.');
}

function defeatedEnding(draft: Draft, place: Place): FrameEnding {
  const { code, message } = draft.node(place).reason ?? UNKNOWN;
  return failed(place, code, message);
}

/** True for a group that needs only some of its members and has them. */
function hasEnough(draft: Draft, id: FrameId): boolean {
  const parent = ofKind(parentNode(draft, draft.frame(id)), 'group');
  if (parent === null || parent.completeWhen === 'all') return false;
  const places = placesOf(draft, id).filter(isRegular);
  const { done, worked } = progressOf(draft, places);
  return worked > 0 && done >= wanted(parent.completeWhen, places.length);
}

function tooFew(draft: Draft, frame: Frame, places: readonly Place[]): FrameEnding | null {
  const parent = ofKind(parentNode(draft, frame), 'group');
  if (parent === null) return null;
  const { completeWhen } = parent;
  const { done, worked } = progressOf(draft, places);
  const lost = places.find((place) => draft.node(place).status === 'failed');
  const isShort =
    completeWhen === 'all'
      ? lost !== undefined && worked === 0
      : done < wanted(completeWhen, places.length);
  const place = lost ?? places[0];
  if (!isShort || place === undefined) return null;
  return failed(place, 'not-enough-members', `Only ${done} of ${places.length} members are done.`);
}

/** A waived member is as good as done, but only one that worked lets the others be spared. */
function progressOf(draft: Draft, places: readonly Place[]): { done: number; worked: number } {
  const states = places.map((place) => draft.node(place));
  const worked = states.filter(({ status }) => status === 'completed').length;
  const waived = states.filter(
    ({ status, reason }) => status === 'skipped' && reason?.code === 'waived',
  ).length;
  return { done: worked + waived, worked };
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
    .filter((edge) => draft.edge(place.frame, edge) === 'pending')
    .map((edge) => `${edge.from} -> ${edge.to}`);
  return `It waits for ${pending.join(', ') || 'nothing'}, and nothing else runs.`;
}
