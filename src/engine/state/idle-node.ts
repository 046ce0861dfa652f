import type { NodeState, Usage } from './run.ts';

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, usd: null };

/** A node that nothing has happened to yet in this visit. */
export function idleNode(visit: number): NodeState {
  return {
    status: 'idle',
    reason: null,
    visit,
    attempt: 1,
    interruptions: 0,
    transientTries: 0,
    execution: null,
    notBefore: null,
    readyAt: null,
    startedAt: null,
    finishedAt: null,
    result: null,
    verdicts: {},
    exits: 'open',
    snapshot: null,
    commit: null,
    gate: null,
    usage: NO_USAGE,
    loopContext: null,
    phase: null,
    cleared: null,
    looks: 0,
    consent: null,
    items: null,
    retries: 0,
    crashes: 0,
    dispatched: 0,
    waivedBy: null,
    forgiven: false,
    firedBy: null,
    signalledBy: null,
  };
}

/** The next visit of a node. Only its cost and a person's waiver carry over. */
export function nextVisit(state: NodeState): NodeState {
  const { usage, waivedBy } = state;
  return { ...idleNode(wasEntered(state) ? state.visit + 1 : state.visit), usage, waivedBy };
}

/** False for a node that was never entered in this visit. */
export function wasEntered(state: NodeState): boolean {
  return state.readyAt !== null;
}

export function addUsage(left: Usage, right: Usage): Usage {
  const usd = left.usd === null && right.usd === null ? null : (left.usd ?? 0) + (right.usd ?? 0);
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    usd,
  };
}
