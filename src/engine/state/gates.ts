import type { Gate, GateKind, NodeStatus, Run, Verdict } from './run.ts';

/** What others need to know about a kind of gate. A new kind must answer every question here. */
interface GateRule {
  /** The verdicts it always takes; revising and editing depend on what it is about. */
  readonly verdicts: readonly Verdict[];
  /** It is about one artefact on one head: a new head makes it void. */
  readonly isBound: boolean;
  /** It is the node's approval: the node's wording and all its approvers apply. */
  readonly isAboutArtefact: boolean;
  /** It asks right before the work itself, once there is room for it. */
  readonly asksLast: boolean;
  /** It passes by itself in an autonomous run. */
  readonly isStop: boolean;
  /** Status of its node while it is open; null if the node keeps its own. */
  readonly nodeWaits: NodeStatus | null;
  /** A step has failed permanently: people need the whole story, not just one artefact. */
  readonly tellsStory: boolean;
  /** The run is over, and somebody is called who can bring it back. */
  readonly callsForHelp: boolean;
}

const ARTEFACT = {
  verdicts: ['approve', 'deny'],
  isBound: true,
  isAboutArtefact: true,
  asksLast: false,
  isStop: false,
  nodeWaits: 'awaiting-approval',
  tellsStory: false,
  callsForHelp: false,
} as const satisfies GateRule;

const QUESTION = { ...ARTEFACT, isBound: false, isAboutArtefact: false } as const;

const FAILURE = {
  ...QUESTION,
  verdicts: ['retry', 'guide', 'override', 'deny'],
  tellsStory: true,
} as const satisfies GateRule;

export const GATES: Readonly<Record<GateKind, GateRule>> = {
  approval: ARTEFACT,
  consent: { ...ARTEFACT, isAboutArtefact: false, asksLast: true },
  'stop-point': { ...ARTEFACT, isStop: true },
  confidence: ARTEFACT,
  checkpoint: FAILURE,
  escalation: { ...FAILURE, nodeWaits: null, callsForHelp: true },
  question: { ...QUESTION, verdicts: ['answer', 'deny'], nodeWaits: 'awaiting-input' },
  budget: QUESTION,
  'open-items': QUESTION,
};

export function isBound(gate: Gate): boolean {
  return GATES[gate.kind].isBound;
}

/** True when approving the artefact lets later stop points pass by themselves. */
export function isBatch({ batch, kind }: Gate): boolean {
  return batch && GATES[kind].isAboutArtefact;
}

/** Every gate of this kind the run has had, in the order they opened. */
export function gatesOfKind({ gates }: Pick<Run, 'gates'>, kind: GateKind): readonly Gate[] {
  return gates.filter((gate) => gate.kind === kind);
}
