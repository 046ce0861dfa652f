import type { CompleteWhen, NodeKind, PlanNode } from './plan.ts';

/** What others need to know about a kind of node. A new kind must answer every question here. */
interface Kind {
  /** Who does its work; null if its members do, or if it is over the moment it starts. */
  readonly worker: 'agent' | 'machine' | null;
  /** The frames below it: none, a single one, or one per item. */
  readonly members: 'none' | 'one' | 'items';
  /** Who inside it has an isolated worktree; `around`: whoever does around it. */
  readonly trees: 'member' | 'item' | 'around';
  /** Its members are in a file of their own, whose names do not reach outside. */
  readonly isOwnFile: boolean;
  /** When its members' outputs are visible next to it. */
  readonly spreads: 'always' | 'unless-named' | 'never';
  /** What settles it instead of work: criteria that judge another node, or a person. */
  readonly settledBy: 'criteria' | 'person' | null;
  /** It is shown and counted as a step. */
  readonly isStep: boolean;
}

/** Every row says everything: nothing is inherited that nobody was asked about. */
export const KINDS = {
  agent: {
    worker: 'agent',
    members: 'none',
    trees: 'around',
    isOwnFile: false,
    spreads: 'never',
    settledBy: null,
    isStep: true,
  },
  auto: {
    worker: 'machine',
    members: 'none',
    trees: 'around',
    isOwnFile: false,
    spreads: 'never',
    settledBy: null,
    isStep: true,
  },
  gate: {
    worker: null,
    members: 'none',
    trees: 'around',
    isOwnFile: false,
    spreads: 'never',
    settledBy: 'criteria',
    isStep: true,
  },
  approval: {
    worker: null,
    members: 'none',
    trees: 'around',
    isOwnFile: false,
    spreads: 'never',
    settledBy: 'person',
    isStep: true,
  },
  call: {
    worker: null,
    members: 'one',
    trees: 'around',
    isOwnFile: true,
    spreads: 'unless-named',
    settledBy: null,
    isStep: true,
  },
  foreach: {
    worker: null,
    members: 'items',
    trees: 'item',
    isOwnFile: false,
    spreads: 'never',
    settledBy: null,
    isStep: true,
  },
  group: {
    worker: null,
    members: 'one',
    trees: 'member',
    isOwnFile: false,
    spreads: 'always',
    settledBy: null,
    isStep: true,
  },
  noop: {
    worker: null,
    members: 'none',
    trees: 'around',
    isOwnFile: false,
    spreads: 'never',
    settledBy: null,
    isStep: false,
  },
} as const satisfies Record<NodeKind, Kind>;

type CompositeKind = {
  [K in NodeKind]: (typeof KINDS)[K]['members'] extends 'none' ? never : K;
}[NodeKind];

/** A node made of other nodes. */
export type CompositeNode = Extract<PlanNode, { readonly kind: CompositeKind }>;

export function kindOf(node: PlanNode): Kind {
  return KINDS[node.kind];
}

export function isComposite(node: PlanNode): node is CompositeNode {
  return kindOf(node).members !== 'none';
}

/** A worker does its work: an agent, a command or a function. */
export function isExecuted(node: PlanNode): boolean {
  return kindOf(node).worker !== null;
}

/** The node, typed with this kind's own fields, if it is of this kind; else null. */
export function ofKind<K extends NodeKind>(
  node: PlanNode | null | undefined,
  kind: K,
): Extract<PlanNode, { readonly kind: K }> | null {
  return node != null && isOfKind(node, kind) ? node : null;
}

function isOfKind<K extends NodeKind>(
  node: PlanNode,
  kind: K,
): node is Extract<PlanNode, { readonly kind: K }> {
  return node.kind === kind;
}

/** It may change files of the repository. */
export function writes({ workspace }: Pick<PlanNode, 'workspace'>): boolean {
  return workspace === 'write' || workspace === 'isolated';
}

/** How many of its members must be done; a node that does not say needs them all. */
export function membersNeeded(node: CompositeNode): CompleteWhen {
  return 'completeWhen' in node ? node.completeWhen : 'all';
}

/** What it runs is built from other people's text: a prompt or a shell line. */
export function runsText(node: PlanNode): boolean {
  const machine = ofKind(node, 'auto');
  return ofKind(node, 'agent') !== null || (machine !== null && machine.run !== null);
}

/** It compares the run with earlier ones, which is not work anyone started the run for. */
export function comparesRuns(node: PlanNode): boolean {
  return ofKind(node, 'auto')?.evalGate !== undefined;
}
