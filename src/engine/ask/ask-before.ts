import { kindOf } from '../../plan/kinds.ts';
import { mustRewind } from '../read/must-rewind.ts';
import { openItemsBefore } from '../read/open-items.ts';
import { approvalOf } from '../state/approval-policy.ts';
import { boundHead } from '../state/bound-head.ts';
import type { Draft } from '../state/draft.ts';
import { GATES } from '../state/gates.ts';
import type { Place } from '../state/place.ts';
import type { Gate, GateRequest } from '../state/run.ts';

/** The next question a person must answer before the node starts; null when none are left. */
export function askBefore(draft: Draft, place: Place): GateRequest | null {
  if (isAside(draft, place)) return null;
  return aboutItems(draft, place) ?? approvalBefore(draft, place) ?? consentTo(draft, place);
}

const MOST_ITEMS = 100;

/** A node with `openItems: hold` does not start while conditions of earlier approvals are open. */
function aboutItems(draft: Draft, place: Place): GateRequest | null {
  if (place.node.openItems !== 'hold') return null;
  const items = openItemsBefore(draft, draft.run.gates, place.key);
  if (items.length === 0) return null;
  const trigger =
    items.length === 1
      ? 'A condition of an earlier approval is still open.'
      : `${items.length} conditions of earlier approvals are still open.`;
  return { kind: 'open-items', when: 'before', trigger, openItems: items.slice(0, MOST_ITEMS) };
}

function approvalBefore(draft: Draft, place: Place): GateRequest | null {
  const policy = kindOf(place.node).settledBy === 'person' ? null : approvalOf(place.node);
  if (policy === null || policy.when !== 'before') return null;
  const kind = place.node.stopPoint ? 'stop-point' : 'approval';
  if (GATES[kind].isStop && draft.run.autonomous) return null;
  if (isApproved(draft, place, (gate) => gate.when === 'before' && gate.kind === kind)) return null;
  return { kind, when: 'before', trigger: 'The workflow asks before this step.' };
}

/** Consent covers this one execution; another attempt needs it again. */
function consentTo(draft: Draft, place: Place): GateRequest | null {
  if (place.node.consent === null) return null;
  const { consent } = draft.node(place);
  if (isApproved(draft, place, (gate) => gate.id === consent)) return null;
  const trigger = 'This step needs consent each time.';
  return { kind: 'consent', when: 'before', trigger, individual: true };
}

/** Rewinding files and merging members' work do not start the work that people are asked about. */
function isAside(draft: Draft, place: Place): boolean {
  const state = draft.node(place);
  return state.phase === 'merge' || mustRewind(place.node, state);
}

/** An approval holds only for the visit and the head it was given for. */
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
