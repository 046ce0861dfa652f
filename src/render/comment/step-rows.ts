import { attemptsOf } from '../../engine/state/attempts-of.ts';
import { type NodeRow, orderedNodes } from '../../engine/state/ordered-nodes.ts';
import type { NodeState, Run } from '../../engine/state/run.ts';
import { kindOf } from '../../plan/kinds.ts';
import type { Plan } from '../../plan/plan.ts';

/** The steps that do the work; those that only hold others or do nothing are left out. */
export function workRows(plan: Plan, run: Run): readonly NodeRow[] {
  const rows = orderedNodes(plan, run);
  return rows.filter(({ node, depth }, index) => {
    const holdsOthers = (rows[index + 1]?.depth ?? 0) > depth;
    return kindOf(node).isStep && !holdsOthers;
  });
}

export function countDone(rows: readonly NodeRow[]): number {
  return rows.filter(({ state }) => state.status === 'completed' || state.status === 'skipped')
    .length;
}

/** The step that stopped the run: the last one that failed permanently. */
export function failedRow(plan: Plan, run: Run): NodeRow | undefined {
  return workRows(plan, run).findLast(
    ({ node, state }) => state.status === 'failed' && node.disposition !== 'optional',
  );
}

/** How often it was started, over all visits and attempts. */
export function triesOf(state: NodeState): number {
  const isNew = state.startedAt === null ? 1 : 0;
  return state.visit - 1 + attemptsOf(state) - isNew;
}
