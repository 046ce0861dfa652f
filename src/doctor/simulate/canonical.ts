import { openItemsOf } from '../../engine/read/open-items.ts';
import { edgeState } from '../../engine/state/edge-state.ts';
import { graphOf } from '../../engine/state/new-run.ts';
import { splitKey } from '../../engine/state/node-key.ts';
import type { Frame, NodeKey, NodeState, Run } from '../../engine/state/run.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Alive } from './alive.ts';
import type { Stage } from './stage.ts';
import { wantedIn } from './wanted.ts';

/**
 * What a run's future depends on, as text: without times, worker names, wording and history, and
 * without what loops and gates have used up where the run cannot return. Two stages with the same
 * text continue in the same way until one of them has used up its visits.
 */
export function canonicalText(plan: Plan, { run, clock }: Stage, alive: Alive): string {
  const frames = Object.entries(run.frames)
    .filter(([, frame]) => isPresent(run, frame))
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([id, frame]) => [id, frameState({ plan, clock, alive: alive.in(id) }, frame)]);
  return JSON.stringify([
    run.status,
    run.reason?.code ?? null,
    run.autonomous,
    run.draining,
    run.pendingOutcome,
    run.breach?.code ?? null,
    run.params,
    frames,
    gatesState(run, alive),
    openItemsOf(plan, run).map(({ id }) => id),
  ]);
}

/** The most visits of any step that may still run. */
export function mostVisits({ run }: Stage, alive: Alive): number {
  let most = 0;
  for (const [id, frame] of Object.entries(run.frames)) {
    if (!isPresent(run, frame)) continue;
    for (const name of alive.in(id)) most = Math.max(most, frame.nodes[name]?.visit ?? 0);
  }
  return most;
}

/** A frame of an earlier visit of its owner is history. */
function isPresent(run: Run, { parent, parentVisit }: Frame): boolean {
  return parent === null || visitOf(run, parent) === parentVisit;
}

function visitOf(run: Run, key: NodeKey): number | null {
  const { frame, id } = splitKey(key);
  return run.frames[frame]?.nodes[id]?.visit ?? null;
}

interface View {
  readonly plan: Plan;
  readonly clock: number;
  readonly alive: ReadonlySet<string>;
}

function frameState(view: View, frame: Frame): readonly unknown[] {
  const { graph, item, status, tries, params, draining, ending, failure } = frame;
  const { edges, loops, nodes } = graphOf(view.plan, graph);
  const wanted = wantedIn(view.plan);
  return [
    graph,
    item,
    status,
    tries,
    params,
    draining,
    ending,
    failure === null ? null : [failure.code, failure.node, failure.escalate, failure.loop],
    nodes.map((node) => {
      const state = frame.nodes[node.id];
      return state === undefined ? null : nodeState(view, node.id, state, wanted.has(graph, node));
    }),
    edges.map((edge) => edgeState(frame, edge)),
    loops.flatMap(({ id, from }) => {
      const state = frame.loops[id];
      return view.alive.has(from) && state !== undefined
        ? [[id, state.count, state.exhausted]]
        : [];
    }),
  ];
}

function nodeState(
  view: View,
  id: string,
  state: NodeState,
  isWanted: boolean,
): readonly unknown[] {
  const { result, verdicts, notBefore } = state;
  const lasting = [
    state.status,
    state.reason?.code ?? null,
    state.items,
    state.forgiven,
    result === null ? null : [result.outcome, isWanted ? result.data : null],
  ];
  if (!view.alive.has(id)) return lasting;
  return [
    ...lasting,
    state.retries,
    state.phase,
    state.cleared === state.attempt,
    state.waivedBy !== null,
    notBefore !== null && Date.parse(notBefore) > view.clock,
    Object.entries(verdicts).filter(([, holds]) => holds),
  ];
}

/** Open gates, approvals that still count, and what each gate has used up. */
function gatesState(run: Run, alive: Alive): readonly unknown[] {
  const parts = run.gates.flatMap((gate) => {
    const { node, kind, when, votes } = gate;
    if (gate.status === 'open') return [[node, kind, when, 'open', votes.length]];
    if (!alive.has(node)) return [];
    const verdict = gate.decision?.verdict;
    if (verdict === 'revise' || verdict === 'answer') return [[node, kind, verdict]];
    const counts = verdict === 'approve' && visitOf(run, node) === gate.visit;
    return counts ? [[node, kind, when, verdict]] : [];
  });
  return parts.map((part) => JSON.stringify(part)).toSorted();
}
