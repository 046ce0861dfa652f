import { reopenGate } from '../ask/open-gate.ts';
import { voidGate } from '../ask/void-gates.ts';
import { attemptsOf } from '../state/attempts-of.ts';
import { boundHead } from '../state/bound-head.ts';
import type { Draft } from '../state/draft.ts';
import { isBound } from '../state/gates.ts';
import { edgesOutOf } from '../state/graph-index.ts';
import type { Place } from '../state/place.ts';
import { findPlace, placeIn } from '../state/place.ts';
import type { Gate } from '../state/run.ts';

/** Approvals that nothing has been built on yet are asked for again, for the new head. */
export function recallApprovals(draft: Draft): void {
  for (const gate of draft.run.gates) {
    const place = findPlace(draft, gate.node);
    if (place === null || !isApproval(draft, gate) || !isStanding(draft, place, gate)) continue;
    const taken = targetsOf(draft, place, 'taken');
    if (taken.length === 0 || !taken.every((target) => isUntouched(draft, target))) continue;
    voidGate(draft, gate, 'head-moved');
    for (const target of [...taken, ...targetsOf(draft, place, 'dead')]) takeBack(draft, target);
    draft.updateNode(place, { finishedAt: null, exits: 'open' });
    reopenGate(draft, place, gate);
  }
}

function isApproval(draft: Draft, gate: Gate): boolean {
  return (
    gate.status === 'decided' &&
    gate.when === 'after' &&
    isBound(gate) &&
    gate.subject.headSha !== boundHead(draft.run).headSha &&
    (gate.decision?.verdict === 'approve' || gate.decision?.verdict === 'edit')
  );
}

function isStanding(draft: Draft, place: Place, gate: Gate): boolean {
  const { status, visit, gate: last } = draft.node(place);
  return (
    place.index.graph.mode === 'graph' &&
    status === 'completed' &&
    visit === gate.visit &&
    last === gate.id &&
    draft.frame(place.frame).ending === null
  );
}

function targetsOf(draft: Draft, place: Place, state: 'taken' | 'dead'): Place[] {
  return edgesOutOf(place.index, place.node.id)
    .filter((edge) => draft.edge(place.frame, edge) === state)
    .flatMap((edge) => placeIn(draft, place.frame, edge.to) ?? []);
}

function isUntouched(draft: Draft, target: Place): boolean {
  return draft.node(target).status === 'idle' || isUnstarted(draft, target);
}

function isUnstarted(draft: Draft, target: Place): boolean {
  const state = draft.node(target);
  return state.status === 'ready' && attemptsOf(state) === 1;
}

/**
 * Its turn came, or it was passed over, because of what was approved. The answer may be edited
 * before it is approved again and then lead elsewhere; a first-come join may have had another
 * reason to be ready, so it is checked at once.
 */
function takeBack(draft: Draft, target: Place): void {
  if (isUnstarted(draft, target)) {
    draft.updateNode(target, { status: 'idle', readyAt: null, notBefore: null });
    return draft.wake(target.key);
  }
  const { status, reason } = draft.node(target);
  if (status !== 'skipped' || reason?.code !== 'pruned') return;
  const behind = targetsOf(draft, target, 'dead');
  draft.updateNode(target, { status: 'idle', reason: null, finishedAt: null, exits: 'open' });
  draft.wake(target.key);
  for (const next of behind) takeBack(draft, next);
}
