import { kindOf } from '../../plan/kinds.ts';
import { grantBudget } from '../ask/budget.ts';
import { acceptAnswer, askOrConclude } from '../flow/accept-answer.ts';
import { composedAnswer } from '../flow/compose-answer.ts';
import type { Draft } from '../state/draft.ts';
import { isBatch } from '../state/gates.ts';
import type { Place } from '../state/place.ts';
import type { Gate, GateKind } from '../state/run.ts';
import type { Settle } from './close-gate.ts';
import { closeGate } from './close-gate.ts';

/** Adds a vote; the last one needed lets the node go on. */
export const approve: Settle = (draft, place, gate, event) => {
  const votes = [...gate.votes, { by: event.by, at: draft.at }];
  draft.updateGate(gate.id, { votes });
  if (votes.length < gate.approvers.count) {
    const detail = `${gate.id}: ${votes.length} of ${gate.approvers.count}`;
    draft.record('vote', { place, actor: event.by, detail });
    return 'applied';
  }
  closeGate(draft, gate, event);
  letPass(draft, place, gate, event.by);
  return 'applied';
};

/** What an approval before the work grants beyond letting it start; null for nothing. */
const GRANTS: Readonly<Record<GateKind, ((draft: Draft) => void) | null>> = {
  approval: null,
  consent: null,
  'stop-point': null,
  confidence: null,
  checkpoint: null,
  escalation: null,
  question: null,
  budget: grantBudget,
  'open-items': null,
};

/** What an approval opens depends on where in the node's life the gate was. */
export function letPass(draft: Draft, place: Place, gate: Gate, by: string): void {
  if (isBatch(gate) && !draft.run.autonomous) draft.update({ autonomous: true });
  if (gate.when === 'before') {
    GRANTS[gate.kind]?.(draft);
    return draft.updateNode(place, { status: 'ready' });
  }
  if (kindOf(place.node).settledBy === 'person') return approveSubject(draft, place, gate, by);
  askOrConclude(draft, place, gate.next ?? null);
}

function approveSubject(draft: Draft, place: Place, gate: Gate, by: string): void {
  const { digest, size } = gate.subject;
  const answer = composedAnswer({ approvedBy: by }, `Approved by ${by}.`, []);
  acceptAnswer(draft, place, { ...answer, digest, size });
}
