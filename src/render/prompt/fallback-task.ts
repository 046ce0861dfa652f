import type { Run } from '../../engine/state/run.ts';
import type { RunContext } from '../../engine/state/run-context.ts';
import type { Plan } from '../../plan/plan.ts';
import { workRows } from '../comment/step-rows.ts';
import { plainLine } from '../text/clean-text.ts';
import { plural } from '../text/format.ts';

interface Unhelped {
  readonly plan: Plan;
  readonly run: Run;
  readonly context: RunContext;
}

const MOST_STEPS = 40;

/** The task for the workflow that takes over: what was asked for and what has come of it so far. */
export function renderFallbackTask({ plan, run, context }: Unhelped): string {
  const steps = workRows(plan, run)
    .filter(({ state }) => state.result !== null || state.status === 'failed')
    .slice(0, MOST_STEPS)
    .map(({ key, state }) => {
      const said = state.result?.headline ?? state.reason?.message ?? '';
      const tries = state.visit > 1 ? ` (${plural(state.visit, 'round')})` : '';
      return `- ${key}${tries}, ${state.status}: ${plainLine(said, 300)}`;
    });
  const branch =
    run.headSha === null ? [] : [`What it committed is on the branch ${context.branch}.`];
  const parts = [
    context.task,
    '## What was tried before',
    `The workflow ${context.workflow} worked on this and could not go on: ${plainLine(run.reason?.message ?? '', 500)}`,
    ...(steps.length === 0 ? [] : [steps.join('\n')]),
    ...branch,
  ];
  return parts.join('\n\n');
}
