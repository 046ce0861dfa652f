import { splitKey } from '../node-key.ts';
import type { Frame, NodeKey, NodeState, Run } from '../run.ts';
import type { Stage } from './stage.ts';

/**
 * What a run's future depends on, as text: without times, names of workers, wording and history.
 * Two stages with the same text go on in the same way, until one of them has used up its visits.
 */
export function canonicalText({ run, clock }: Stage): string {
  const frames = Object.entries(run.frames)
    .filter(([, frame]) => isPresent(run, frame))
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([id, frame]) => [id, frameState(frame, clock)]);
  return JSON.stringify([
    run.status,
    run.reason?.code ?? null,
    run.autonomous,
    run.draining,
    run.pendingOutcome,
    run.breach?.code ?? null,
    run.params,
    frames,
    gatesState(run),
  ]);
}

/** A frame of an earlier visit of its owner is history. */
function isPresent(run: Run, { parent, parentVisit }: Frame): boolean {
  return parent === null || visitOf(run, parent) === parentVisit;
}

function visitOf(run: Run, key: NodeKey): number | null {
  const { frame, id } = splitKey(key);
  return run.frames[frame]?.nodes[id]?.visit ?? null;
}

function frameState(frame: Frame, clock: number): readonly unknown[] {
  const { graph, item, status, tries, params, draining, ending, failure } = frame;
  return [
    graph,
    item,
    status,
    tries,
    params,
    draining,
    ending,
    failure === null ? null : [failure.code, failure.node, failure.escalate, failure.loop],
    Object.entries(frame.nodes).map(([id, state]) => [id, nodeState(state, clock)]),
    Object.values(frame.loops).map(({ count, exhausted }) => [count, exhausted]),
  ];
}

function nodeState(state: NodeState, clock: number): readonly unknown[] {
  const { result, verdicts, notBefore } = state;
  return [
    state.status,
    state.reason?.code ?? null,
    state.retries,
    state.phase,
    state.items,
    state.forgiven,
    state.exits,
    state.firedBy,
    state.waivedBy !== null,
    notBefore !== null && Date.parse(notBefore) > clock,
    result === null ? null : [result.outcome, result.data],
    Object.entries(verdicts).filter(([, holds]) => holds),
  ];
}

/** Open gates, approvals that still count, and what each gate has used up. */
function gatesState(run: Run): readonly unknown[] {
  const parts = run.gates.flatMap((gate) => {
    const { node, kind, when, votes } = gate;
    if (gate.status === 'open') return [[node, kind, when, 'open', votes.length]];
    const verdict = gate.decision?.verdict;
    if (verdict === 'revise' || verdict === 'answer') return [[node, kind, verdict]];
    const counts = verdict === 'approve' && visitOf(run, node) === gate.visit;
    return counts ? [[node, kind, when, verdict]] : [];
  });
  return parts.map((part) => JSON.stringify(part)).toSorted();
}
