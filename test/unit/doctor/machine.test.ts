import { describe, expect, it } from 'vitest';
import { examineMachine } from '#src/doctor/examine-machine.ts';
import { ABORT, COMPLETE } from '#src/plan/plan.ts';
import { agent, aPlan, edge } from '#test/support/engine/plan-builder.ts';

function linesOf(ways: readonly string[]): string[] {
  const nodes = ['plan', 'build', 'review', 'idle'].map((id, at) => agent(id, { line: at + 3 }));
  const plan = aPlan({ mode: 'state-machine', nodes, edges: ways.map((way) => edge(way)) });
  const graph = plan.graphs[plan.main]!;
  return examineMachine(plan, graph).map(
    ({ line, rule, message }) => `${line} ${rule}: ${message}`,
  );
}

describe('the doctor on a workflow of signals', () => {
  it('finds a step that no rule leads to, and a circle that no rule leads out of', () => {
    const lines = linesOf([
      'plan -> build',
      'build -> review',
      'review -> build',
      `idle -> ${COMPLETE}`,
    ]);

    expect(lines).toEqual([
      '3 never-left: step `plan` can never be left: none of its rules leads to an end.',
      '4 never-left: step `build` can never be left: none of its rules leads to an end.',
      '5 never-left: step `review` can never be left: none of its rules leads to an end.',
      '6 unreachable: step `idle` is never reached: no rule of a reached step leads to it.',
    ]);
  });

  it('counts an abortion as a way out', () => {
    const lines = linesOf([
      'plan -> build',
      'build -> idle',
      'idle -> review',
      `review -> ${ABORT}`,
    ]);

    expect(lines).toEqual([]);
  });
});
