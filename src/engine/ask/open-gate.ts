import { kindOf, ofKind } from '../../plan/kinds.ts';
import type { ApprovalPolicy, PlanNode } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';
import { itemAtHand } from '../read/item-at-hand.ts';
import { approvalOf, DEFAULT_POLICY } from '../state/approval-policy.ts';
import { boundHead } from '../state/bound-head.ts';
import type { Draft } from '../state/draft.ts';
import { GATES } from '../state/gates.ts';
import type { Place } from '../state/place.ts';
import { placeIn } from '../state/place.ts';
import type { Gate, GateKind, GateRequest, NodeState, OpenItem, Verdict } from '../state/run.ts';
import { laterBy } from '../state/time.ts';
import { setGateTimers } from './gate-timers.ts';
import { authorBehind, isWithinReach } from './reach-back.ts';
import { revisionWay } from './way-back.ts';

const DEFAULT_ROUNDS = 3;

/** Opens a gate on the node, which waits for it from then on. */
export function openGate(draft: Draft, place: Place, request: GateRequest): Gate {
  const number = draft.run.counters.gates + 1;
  const gate = gateFor(draft, place, request, `G${number}`);
  draft.update({ counters: { ...draft.run.counters, gates: number } });
  draft.addGate(gate);
  draft.updateNode(place, {
    ...statusWhile(request.kind),
    gate: gate.id,
    ...(request.individual === true ? { consent: gate.id } : {}),
    execution: null,
  });
  draft.record('gate-opened', { place, reasonCode: request.kind, detail: gate.id });
  draft.touch(place.frame);
  setGateTimers(draft, gate);
  return gate;
}

/** A node that calls for help has failed and stays failed until somebody answers. */
function statusWhile(kind: GateKind): Partial<NodeState> {
  const { nodeWaits } = GATES[kind];
  return nodeWaits === null ? {} : { status: nodeWaits };
}

/** Asks the same question under a new id, bound to the current head. Votes start over. */
export function reopenGate(draft: Draft, place: Place, gate: Gate): Gate {
  const { kind, when, trigger, individual, questions } = gate;
  return openGate(draft, place, {
    kind,
    when,
    trigger,
    individual,
    ...(questions === undefined ? {} : { questions }),
  });
}

function gateFor(draft: Draft, place: Place, request: GateRequest, id: string): Gate {
  const policy = policyFor(draft, place.node, request);
  const subject = subjectOf(draft, place);
  const round = 1 + revisionsOf(draft, place.key);
  const revise = reviseFor(draft, place, request, policy, round);
  const expireMs = policy.expireMs ?? draft.plan.policies.gateExpireMs ?? null;
  return {
    id,
    node: place.key,
    visit: draft.node(place).visit,
    kind: request.kind,
    when: request.when,
    prompt: policy.prompt,
    item: itemAtHand(draft, place),
    trigger: request.trigger,
    round,
    openedAt: draft.at,
    expiresAt: expireMs === null ? null : laterBy(draft.at, expireMs),
    subject,
    verdicts: verdictsFor(request, revise !== null, subject.digest !== null, place.node),
    approvers: policy.approvers,
    selfApprove: policy.selfApprove,
    revise,
    batch: policy.batch,
    votes: [],
    status: 'open',
    voidReason: null,
    decision: null,
    individual: request.individual ?? false,
    ...(request.questions === undefined ? {} : { questions: request.questions }),
    ...(request.openItems === undefined ? {} : { openItems: request.openItems }),
    answersFrom: answersFrom(place.node, request.kind),
    ...(request.next === undefined ? {} : { next: request.next }),
    reminders: 0,
    remindedAt: null,
    lastDay: false,
  };
}

function answersFrom(node: PlanNode, kind: GateKind): Gate['answersFrom'] {
  const agent = ofKind(node, 'agent');
  if (!GATES[kind].verdicts.includes('answer') || agent === null) return 'approvers';
  const from = readPath(agent.meta, 'questions.from');
  return from === 'starter' || from === 'author' ? from : 'approvers';
}

/** The node's approval policy; for any other question, any one of its approvers may answer. */
function policyFor(
  draft: Draft,
  node: PlanNode,
  { kind, individual }: GateRequest,
): ApprovalPolicy {
  const own = approvalOf(node) ?? DEFAULT_POLICY;
  if (GATES[kind].isAboutArtefact) return own;
  // The run's own consent has nothing to do with the step that happens to be waiting for it.
  if (GATES[kind].asksLast) return (individual === true ? node.consent : null) ?? DEFAULT_POLICY;
  const expireMs = GATES[kind].callsForHelp ? patienceOf(draft) : own.expireMs;
  const approvers = { ...own.approvers, count: 1 };
  return { ...own, prompt: null, batch: false, approvers, expireMs };
}

/** How long an escalated run waits for an answer. */
function patienceOf(draft: Draft): number | null {
  const timeout = readPath(draft.plan.policies.escalation ?? null, 'timeout_ms');
  return typeof timeout === 'number' ? timeout : null;
}

/** An approval node decides on another node's artefact, every other node on its own. */
function subjectOf(draft: Draft, place: Place): Gate['subject'] {
  const other = ofKind(place.node, 'approval')?.subject ?? null;
  const about = (other === null ? null : placeIn(draft, place.frame, other)) ?? place;
  const { result } = draft.node(about);
  return {
    output: about.node.output,
    node: about.key,
    digest: result?.digest ?? null,
    size: result?.size ?? 0,
    ...boundHead(draft.run),
  };
}

function verdictsFor(
  request: GateRequest,
  mayRevise: boolean,
  hasArtefact: boolean,
  node: PlanNode,
): readonly Verdict[] {
  const { verdicts, isBound: isArtefactGate } = GATES[request.kind];
  const mayEdit = hasArtefact && request.when === 'after' && isAgent(node);
  return [
    ...verdicts,
    ...(mayRevise ? (['revise'] as const) : []),
    ...(mayEdit && isArtefactGate ? (['edit'] as const) : []),
  ];
}

/** Where `/revise` goes back to: the step the workflow names, else whoever made the artefact. */
function reviseFor(
  draft: Draft,
  place: Place,
  request: GateRequest,
  policy: ApprovalPolicy,
  round: number,
): Gate['revise'] {
  if (request.openItems !== undefined) return toAuthor(draft, place, request.openItems, round);
  const { isBound: isArtefactGate, asksLast } = GATES[request.kind];
  if (!isArtefactGate || asksLast) return null;
  if (policy.revise?.max === 0) return null;
  const to = policy.revise?.to ?? defaultReviser(place.node, request.when);
  const way = to === null ? null : revisionWay(draft, place, to);
  if (way === null) return null;
  const max = policy.revise?.max ?? DEFAULT_ROUNDS;
  return { to: way.from.frame + way.target.id, left: Math.max(0, max - (round - 1)), max };
}

/** With several artefacts, the author of the first; everything after it is judged again. */
function toAuthor(
  draft: Draft,
  place: Place,
  [first]: readonly OpenItem[],
  round: number,
): Gate['revise'] {
  const to = first === undefined ? null : authorBehind(draft, first.node);
  if (to === null || !isWithinReach(draft, place, to)) return null;
  return { to, left: Math.max(0, DEFAULT_ROUNDS - (round - 1)), max: DEFAULT_ROUNDS };
}

function defaultReviser(node: PlanNode, when: 'before' | 'after'): string | null {
  const approval = ofKind(node, 'approval');
  if (approval !== null) return approval.subject === node.id ? null : approval.subject;
  return isAgent(node) && when === 'after' ? node.id : null;
}

function revisionsOf(draft: Draft, node: string): number {
  return draft.run.gates.filter((gate) => gate.node === node && gate.decision?.verdict === 'revise')
    .length;
}

/** What an agent wrote can be edited or sent back to it. */
function isAgent(node: PlanNode): boolean {
  return kindOf(node).worker === 'agent';
}
