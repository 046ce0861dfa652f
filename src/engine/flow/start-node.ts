import { isExecuted, ofKind } from '../../plan/kinds.ts';
import type { NodeKind } from '../../plan/plan.ts';
import { noteHead } from '../ask/note-head.ts';
import { openGate } from '../ask/open-gate.ts';
import { passesByItself } from '../ask/passes-by-itself.ts';
import { mustRewind } from '../read/must-rewind.ts';
import type { Draft } from '../state/draft.ts';
import type { Place } from '../state/place.ts';
import { acceptAnswer } from './accept-answer.ts';
import { composedAnswer } from './compose-answer.ts';
import { compositeOf } from './composites.ts';
import { passGate } from './gate-node.ts';

type Start = (draft: Draft, place: Place) => void;

/** How each kind of node starts once nothing holds it back. */
const START: Readonly<Record<NodeKind, Start>> = {
  agent: dispatch,
  auto: dispatch,
  call: startComposite,
  foreach: startComposite,
  group: startComposite,
  gate: (draft, place) => {
    noteHead(draft, place);
    const gate = ofKind(place.node, 'gate');
    if (gate !== null) passGate(draft, place, gate);
  },
  approval: startApproval,
  noop: (draft, place) => {
    noteHead(draft, place);
    acceptAnswer(draft, place, composedAnswer({}, '', []));
  },
};

export function startNode(draft: Draft, place: Place): void {
  if (mustRewind(place.node, draft.node(place))) return dispatch(draft, place);
  START[place.node.kind](draft, place);
}

/** A worker checks whether the node can run at all before people are asked about it. */
export function startPreflight(draft: Draft, place: Place): void {
  draft.updateNode(place, { phase: 'preflight' });
  dispatch(draft, place);
}

/** True when starting the node gives work to a worker; everything else happens right here. */
export function needsWorker(draft: Draft, place: Place): boolean {
  if (isExecuted(place.node) || mustRewind(place.node, draft.node(place))) return true;
  const composite = compositeOf(place.node);
  if (composite === null) return false;
  return draft.node(place).phase === 'merge' || composite.needsPreparation;
}

/** Hands the node to a worker. `node.started` will say which one took it. */
function dispatch(draft: Draft, place: Place): void {
  const { visit, attempt } = draft.node(place);
  const { counters } = draft.run;
  draft.updateNode(place, {
    status: 'running',
    execution: null,
    notBefore: null,
    dispatched: attempt,
  });
  draft.update({ counters: { ...counters, steps: counters.steps + 1 } });
  draft.record('node-dispatched', { place });
  draft.effect({ type: 'execute-node', node: place.key, visit, attempt });
}

function startComposite(draft: Draft, place: Place): void {
  const composite = compositeOf(place.node);
  if (composite === null) return;
  noteHead(draft, place);
  if (!needsWorker(draft, place)) return composite.open(draft, place);
  const { phase } = draft.node(place);
  draft.updateNode(place, { phase: phase ?? 'prepare' });
  dispatch(draft, place);
}

function startApproval(draft: Draft, place: Place): void {
  noteHead(draft, place);
  if (passesByItself(draft, place)) {
    return acceptAnswer(draft, place, composedAnswer({}, 'Passed by the batch approval.', []));
  }
  const kind = place.node.stopPoint ? 'stop-point' : 'approval';
  openGate(draft, place, { kind, when: 'after', trigger: 'The workflow asks for approval.' });
}
