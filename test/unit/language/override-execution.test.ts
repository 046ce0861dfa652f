import { describe, expect, it } from 'vitest';
import { overrideExecution } from '#src/language/start/override-execution.ts';
import { readStart } from '#src/language/start/read-start.ts';
import { aPlan } from '#test/support/language/builders.ts';

const OTHER = 'name: other\nsteps:\n  - {id: deep, agent: Planner, prompt: x}\n';
const STEPS = `steps:
  - {id: plan, agent: Planner, prompt: x}
  - {id: talk, agent: Planner, prompt: x, execution: main}
  - {id: both, group: {steps: [{id: left, agent: Planner, prompt: x}]}}
  - {id: each, foreach: {items: outputs.plan.tasks, steps: [{id: one, agent: Planner, prompt: x}]}}
  - {id: sub, call: {workflow: other, returns: {said: deep}}}
  - {id: gap, noop: true}
`;
const plan = aPlan(`name: test\n${STEPS}`, { callees: [OTHER] });
const fixed = aPlan(`name: test
steps:
  - {id: plan, agent: Planner, prompt: x, allow_override: false}
  - {id: open, agent: Planner, prompt: x, allow_override: true}
`);

function executions(given: Record<string, string>): Record<string, string> {
  const graphs = Object.values(overrideExecution(plan, given).plan.graphs);
  return Object.fromEntries(
    graphs.flatMap(({ id, nodes }) =>
      nodes.flatMap((node) =>
        node.kind === 'agent' ? [[`${id} ${node.id}`, node.execution]] : [],
      ),
    ),
  );
}

const AS_WRITTEN = {
  'main plan': 'subagent',
  'main talk': 'main',
  'main/both left': 'subagent',
  'main/each one': 'subagent',
  'main/sub deep': 'subagent',
  'workflow:other deep': 'subagent',
};

describe('the execution of a step', () => {
  it('stays as it is written when a start says nothing', () => {
    expect(executions({})).toEqual(AS_WRITTEN);
  });

  it.each([
    ['execution.plan', 'main', 'main plan'],
    ['execution.talk', 'subagent', 'main talk'],
    ['execution.left', 'main', 'main/both left'],
    ['execution.one', 'main', 'main/each one'],
  ])('is changed by %s=%s', (name, value, step) => {
    expect(executions({ [name]: value })).toEqual({ ...AS_WRITTEN, [step]: value });
  });

  it('is changed for all steps the workflow writes down at once, and a step named wins', () => {
    expect(executions({ 'execution.left': 'subagent', execution: 'main' })).toEqual({
      ...AS_WRITTEN,
      'main plan': 'main',
      'main/each one': 'main',
    });
  });

  it('is not changed where the workflow does not allow it', () => {
    const refused = overrideExecution(fixed, { 'execution.plan': 'main' });

    expect(refused.problems).toEqual([{ type: 'fixed', name: 'execution.plan', steps: ['plan'] }]);
    expect(refused.plan).toBe(fixed);
    expect(overrideExecution(fixed, { execution: 'main' }).problems).toEqual([
      { type: 'fixed', name: 'execution', steps: ['plan'] },
    ]);
    expect(overrideExecution(fixed, { 'execution.open': 'main' }).problems).toEqual([]);
    expect(overrideExecution(fixed, { 'execution.plan': 'subagent' }).problems).toEqual([]);
  });

  it.each([
    ['execution.plam', 'main', { type: 'unknown', suggestion: 'execution.plan' }],
    ['execution.gap', 'main', { type: 'unknown', suggestion: null }],
    ['execution.deep', 'main', { type: 'unknown', suggestion: null }],
    ['execution.plan', 'alone', { type: 'no-choice', choices: ['main', 'subagent'] }],
    ['execution', '', { type: 'no-choice', choices: ['main', 'subagent'] }],
  ])('is not changed by %s=%s', (name, value, problem) => {
    const { problems } = overrideExecution(plan, { [name]: value });

    expect(problems).toEqual([{ name, ...problem }]);
  });
});

describe('readStart', () => {
  it('leaves a parameter called execution to the workflow', () => {
    const own = aPlan(`name: test\nparams: {execution: {}}\n${STEPS}`, { callees: [OTHER] });

    const read = readStart(own, { execution: 'swift', 'execution.plan': 'main' });

    expect(read).toMatchObject({ ok: true, params: { execution: 'swift' } });
  });

  it('tells what is wrong with overrides and parameters at once', () => {
    expect(readStart(fixed, { 'execution.plan': 'main', size: 'small' })).toEqual({
      ok: false,
      problems: [
        { type: 'fixed', name: 'execution.plan', steps: ['plan'] },
        { type: 'unknown', name: 'size', suggestion: null },
      ],
    });
  });
});
