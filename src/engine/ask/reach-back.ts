import { isComposite, membersNeeded } from '../../plan/kinds.ts';
import { commitsToMerge } from '../read/workspace-for.ts';
import type { Draft } from '../state/draft.ts';
import { ancestorsOf, loopsOutOf } from '../state/graph-index.ts';
import { nextVisit } from '../state/idle-node.ts';
import type { Place } from '../state/place.ts';
import { findPlace, placesOf } from '../state/place.ts';
import type { NodeKey } from '../state/run.ts';
import { goBack, type WayBack } from './loops.ts';
import { hasPending, resetFrom } from './reset.ts';
import { stopWork } from './stop-nodes.ts';

/** Whose work a verdict is about: where the judging step's revision or loop leads, else that step. */
export function authorBehind(draft: Draft, judge: NodeKey): NodeKey | null {
  const place = findPlace(draft, judge);
  if (place === null) return null;
  const { node, index, frame } = place;
  const nearest = loopsOutOf(index, node.id).toSorted(
    (left, right) => (index.rank.get(right.to) ?? 0) - (index.rank.get(left.to) ?? 0),
  )[0];
  const named = [node.approval?.revise?.to, nearest?.to].find(
    (id) => id !== undefined && id !== node.id && ancestorsOf(index, node.id).has(id),
  );
  return frame + (named ?? node.id);
}

/** True when the target comes before the place, even inside a called workflow that has ended. */
export function isWithinReach(draft: Draft, place: Place, target: NodeKey): boolean {
  const way = wayTo(draft, place, target);
  const outer = way?.[0];
  if (way === null || outer === undefined) return false;
  const around = placesAround(draft, place).find(({ frame }) => frame === outer.frame);
  if (around === undefined || (around.node.finally && !outer.node.finally)) return false;
  return (
    ancestorsOf(outer.index, around.node.id).has(outer.node.id) &&
    way.every(({ index }) => index.graph.mode === 'graph') &&
    way.slice(0, -1).every((composite) => canReenter(draft, composite))
  );
}

/** Merged work cannot be undone, and a group that has enough would just end again. */
function canReenter(draft: Draft, { frame, node }: Place): boolean {
  const needsAll = isComposite(node) && membersNeeded(node) === 'all';
  return needsAll && commitsToMerge(draft, frame, node).length === 0;
}

/** Reopens everything around the target and goes back to it; whatever came after starts over. */
export function reachBack(
  draft: Draft,
  place: Place,
  { judge, target }: { readonly judge: NodeKey; readonly target: NodeKey },
  way: WayBack,
): void {
  const [from, to] = [findPlace(draft, judge), findPlace(draft, target)];
  const steps = wayTo(draft, place, target);
  const asking = placesAround(draft, place).find(({ frame }) => frame === steps?.[0]?.frame);
  if (from === null || to === null || steps === null || asking === undefined) return;
  const { visit } = draft.node(asking);
  for (const outer of steps.slice(0, -1)) reenter(draft, outer);
  reopenFrame(draft, to);
  goBack(draft, from, to.node.id, way);
  if (draft.node(asking).visit === visit) startOver(draft, asking);
}

/** A first-come join opened by another branch still starts over: what it asked about is redone. */
function startOver(draft: Draft, place: Place): void {
  stopWork(draft, place, 'superseded');
  draft.setNode(place, nextVisit(draft.node(place)));
  if (!hasPending(draft, place)) draft.wake(place.key);
}

/** The composite nodes to enter, outermost first, then the target itself. */
function wayTo(draft: Draft, place: Place, target: NodeKey): readonly Place[] | null {
  const home = new Set(placesAround(draft, place).map(({ frame }) => frame));
  const way: Place[] = [];
  for (let at = findPlace(draft, target); at !== null; at = ownerOf(draft, at)) {
    way.unshift(at);
    if (home.has(at.frame)) return way;
  }
  return null;
}

/** The place and the composite nodes around it, innermost first. */
function placesAround(draft: Draft, place: Place): readonly Place[] {
  const owner = ownerOf(draft, place);
  return owner === null ? [place] : [place, ...placesAround(draft, owner)];
}

function ownerOf(draft: Draft, { frame }: Place): Place | null {
  const { parent } = draft.frame(frame);
  return parent === null ? null : findPlace(draft, parent);
}

/** Puts its members back to work in the same visit; whatever followed from it is undone. */
function reenter(draft: Draft, place: Place): void {
  const before = draft.node(place);
  reopenFrame(draft, place);
  resetFrom(draft, place.frame, place.node.id, place.node.id);
  draft.setNode(place, {
    ...before,
    status: 'running',
    phase: 'members',
    reason: null,
    result: null,
    verdicts: {},
    exits: 'open',
    finishedAt: null,
    gate: null,
  });
}

/** A frame that has ended may end again, so its finalisers will run again. */
function reopenFrame(draft: Draft, { frame }: Place): void {
  if (draft.frame(frame).ending === null) return;
  draft.updateFrame(frame, { status: 'running', draining: false, ending: null, failure: null });
  for (const place of placesOf(draft, frame)) {
    if (place.node.finally) draft.setNode(place, nextVisit(draft.node(place)));
  }
  draft.touch(frame);
}
