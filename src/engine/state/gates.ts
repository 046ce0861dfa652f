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

/** Every row says everything: nothing is inherited that nobody was asked about. */
export const GATES: Readonly<Record<GateKind, GateRule>> = {
  approval: {
    verdicts: ['approve', 'deny'],
    isBound: true,
    isAboutArtefact: true,
    asksLast: false,
    isStop: false,
    nodeWaits: 'awaiting-approval',
    tellsStory: false,
    callsForHelp: false,
  },
  consent: {
    verdicts: ['approve', 'deny'],
    isBound: true,
    isAboutArtefact: false,
    asksLast: true,
    isStop: false,
    nodeWaits: 'awaiting-approval',
    tellsStory: false,
    callsForHelp: false,
  },
  'stop-point': {
    verdicts: ['approve', 'deny'],
    isBound: true,
    isAboutArtefact: true,
    asksLast: false,
    isStop: true,
    nodeWaits: 'awaiting-approval',
    tellsStory: false,
    callsForHelp: false,
  },
  confidence: {
    verdicts: ['approve', 'deny'],
    isBound: true,
    isAboutArtefact: true,
    asksLast: false,
    isStop: false,
    nodeWaits: 'awaiting-approval',
    tellsStory: false,
    callsForHelp: false,
  },
  checkpoint: {
    verdicts: ['retry', 'guide', 'override', 'deny'],
    isBound: false,
    isAboutArtefact: false,
    asksLast: false,
    isStop: false,
    nodeWaits: 'awaiting-approval',
    tellsStory: true,
    callsForHelp: false,
  },
  escalation: {
    verdicts: ['retry', 'guide', 'override', 'deny'],
    isBound: false,
    isAboutArtefact: false,
    asksLast: false,
    isStop: false,
    nodeWaits: null,
    tellsStory: true,
    callsForHelp: true,
  },
  question: {
    verdicts: ['answer', 'deny'],
    isBound: false,
    isAboutArtefact: false,
    asksLast: false,
    isStop: false,
    nodeWaits: 'awaiting-input',
    tellsStory: false,
    callsForHelp: false,
  },
  budget: {
    verdicts: ['approve', 'deny'],
    isBound: false,
    isAboutArtefact: false,
    asksLast: false,
    isStop: false,
    nodeWaits: 'awaiting-approval',
    tellsStory: false,
    callsForHelp: false,
  },
  'open-items': {
    verdicts: ['approve', 'deny'],
    isBound: false,
    isAboutArtefact: false,
    asksLast: false,
    isStop: false,
    nodeWaits: 'awaiting-approval',
    tellsStory: false,
    callsForHelp: false,
  },
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
