import { approvalOf } from './approval-policy.ts';
import { boundHead } from './bound-head.ts';
import type { Draft } from './draft.ts';
import { mustRewind } from './must-rewind.ts';
import { openGate } from './open-gate.ts';
import { openItemsBefore } from './open-items.ts';
import type { Place } from './place.ts';
import type { Gate } from './run.ts';

/** Asks for the approval a node needs before it starts. True when it has to wait for it now. */
export function askApproval(draft: Draft, place: Place): boolean {
  const policy = place.node.kind === 'approval' ? null : approvalOf(place.node);
  if (policy === null || policy.when !== 'before' || isAside(draft, place)) return false;
  const kind = place.node.stopPoint ? 'stop-point' : 'approval';
  if (kind === 'stop-point' && draft.run.autonomous) return false;
  if (isApproved(draft, place, (gate) => gate.when === 'before' && gate.kind === kind))
    return false;
  openGate(draft, place, { kind, when: 'before', trigger: 'The workflow asks before this step.' });
  return true;
}

const MOST_ITEMS = 100;

/** A step that holds does not start while conditions of earlier approvals are open. */
export function askOpenItems(draft: Draft, place: Place): boolean {
  if (place.node.openItems !== 'hold' || isAside(draft, place)) return false;
  const items = openItemsBefore(draft, draft.run.gates, place.key);
  if (items.length === 0) return false;
  const trigger =
    items.length === 1
      ? 'A condition of an earlier approval is still open.'
      : `${items.length} conditions of earlier approvals are still open.`;
  const openItems = items.slice(0, MOST_ITEMS);
  openGate(draft, place, { kind: 'open-items', when: 'before', trigger, openItems });
  return true;
}

/** Asks for consent to this very execution; a repeated attempt asks again. */
export function askConsent(draft: Draft, place: Place): boolean {
  if (place.node.consent === null || isAside(draft, place)) return false;
  const last = draft.node(place).gate;
  const given = isApproved(draft, place, (gate) => gate.id === last && gate.individual === true);
  if (given) return false;
  openGate(draft, place, {
    kind: 'consent',
    when: 'before',
    trigger: 'This step needs consent each time.',
    individual: true,
  });
  return true;
}

/** Taking files back and merging what members did is no start of the work that is asked about. */
function isAside(draft: Draft, place: Place): boolean {
  const state = draft.node(place);
  return state.phase === 'merge' || mustRewind(place.node, state);
}

/** An approval counts for the visit and the head it was given for. */
function isApproved(draft: Draft, place: Place, fits: (gate: Gate) => boolean): boolean {
  const { visit } = draft.node(place);
  const { gates } = draft.run;
  const { headSha } = boundHead(draft.run);
  return gates.some(
    (gate) =>
      gate.node === place.key &&
      gate.visit === visit &&
      gate.status === 'decided' &&
      gate.decision?.verdict === 'approve' &&
      gate.subject.headSha === headSha &&
      fits(gate),
  );
}
