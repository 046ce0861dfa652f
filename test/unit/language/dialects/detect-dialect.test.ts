import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readerFor } from '#src/language/dialects/dialects.ts';
import { example } from '#test/support/language/dialect-folder.ts';

describe('readerFor', () => {
  it.each([
    ['agentic-layer', example('agentic-layer/minimal.yaml')],
    ['agentic-layer', example('agentic-layer/enterprise.yaml')],
    ['agentic-layer', example('agentic-layer/solo.yaml')],
    ['agentic-layer', 'version: 1\nphases: {plan: {template: prompts/plan.md}}'],
    ['agentic-layer', 'preset: solo'],
    ['work-buddy', example('work-buddy/morning.yaml')],
    ['work-buddy', example('work-buddy/workflows.json')],
    ['work-buddy', 'workflow_name: a\nsteps: [{id: a}]'],
    ['work-buddy', '[{workflow_name: a, steps: [{id: a}]}]'],
    ['agent007', example('agent007/typed-steps.yml')],
    ['agent007', 'name: a\nsteps: [{id: a, agent: A, skill: /look}]'],
    ['native', example('agent007/my-workflow.yml')],
    ['native', 'name: a\nsteps: [{id: a, agent: A, prompt: p}]'],
    ['native', 'steps: nothing'],
    ['native', 'just text'],
    ['takt', 'name: a\nsteps: [{name: plan, persona: planner, instruction: Plan., rules: []}]'],
    ['takt', 'name: a\ninitial_movement: plan\nmovements: []'],
  ])('knows %s by its shape', (dialect, text) => {
    expect(readerFor(parse(text)).dialect).toBe(dialect);
  });

  it('takes a step with a name and an id for a mistake in a native file', () => {
    const file = parse('name: a\nsteps: [{id: a, name: A, agent: A, instruction: Do it.}]');

    expect(readerFor(file).dialect).toBe('native');
  });
});
