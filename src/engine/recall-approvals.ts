import type { Draft } from './draft.ts';
import { edgesOutOf } from './graph-index.ts';
import { isBound, reopenGate } from './open-gate.ts';
import type { Place } from './place.ts';
import { findPlace, placeIn } from './place.ts';
import type { Gate } from './run.ts';
import { voidGate } from './void-gates.ts';

/** Approvals that nothing has been built on yet are asked again, for the new head. */
export function recallApprovals(draft: Draft): void {
  for (const gate of draft.run.gates) {
    const place = findPlace(draft, gate.node);
    if (place === null || !isApproval(draft, gate) || !isStanding(draft, place, gate)) continue;
    const targets = targetsOf(draft, place);
    if (targets.length === 0 || !targets.every((target) => isUntouched(draft, target))) continue;
    voidGate(draft, gate, 'head-moved');
    for (const target of targets) sendHome(draft, target);
    draft.updateNode(place, { finishedAt: null, exits: 'open' });
    reopenGate(draft, place, gate);
  }
}

function isApproval(draft: Draft, gate: Gate): boolean {
  return (
    gate.status === 'decided' &&
    gate.when === 'after' &&
    isBound(gate) &&
    gate.subject.headSha !== draft.run.headSha &&
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

function targetsOf(draft: Draft, place: Place): Place[] {
  return edgesOutOf(place.index, place.node.id)
    .filter((edge) => draft.edge(place.frame, edge) === 'taken')
    .flatMap((edge) => placeIn(draft, place.frame, edge.to) ?? []);
}

function isUntouched(draft: Draft, target: Place): boolean {
  const { status, attempt } = draft.node(target);
  return status === 'idle' || (status === 'ready' && attempt === 1);
}

/** Its turn had come because of the approval; a first-come join may have had another reason. */
function sendHome(draft: Draft, target: Place): void {
  if (draft.node(target).status === 'idle') return;
  draft.updateNode(target, { status: 'idle', readyAt: null, notBefore: null });
  draft.wake(target.key);
}
