import { describe, expect, it } from 'vitest';
import type { RunContext } from '#src/engine/state/run-context.ts';
import { type Preview, previewPlan } from '#src/render/preview/preview.ts';
import { renderPreview, renderPreviewComment } from '#src/render/preview/render-preview.ts';
import { aPlan } from '#test/support/language/builders.ts';

const CONTEXT: RunContext = {
  installationId: 1,
  repository: {
    id: 1,
    owner: 'octo',
    name: 'demo',
    cloneUrl: '',
    htmlUrl: '',
    defaultBranch: 'main',
    private: false,
  },
  subject: { type: 'issue', number: 12, title: 'Greet', author: 'alice' },
  branch: 'sluice/12-demo',
  baseSha: '',
  baseRef: 'main',
  workflow: 'demo',
  task: 'Greet people',
  origin: 'github',
  trigger: { via: 'comment', login: 'alice', text: '', deliveryId: null, commentId: null },
};

const WORKFLOW = `name: demo
description: Plans and builds.
params: {depth: {choices: [shallow, deep]}}
steps:
  - id: plan
    agent: Planner
    model: large
    prompt: "Plan for {{ task }}, {{ params.depth }}."
    requires_approval: true
    result: {schema: {type: object, required: [scope, tasks], properties: {scope: {type: string}, tasks: {type: array, items: {type: string}}}}}
    routes: [{when: result.scope == "all", goto: build}, {default: true, goto: look}]
  - {id: look, agent: Researcher, prompt: "Look: {% for t in plan.tasks %}{{ t }}{% endfor %}"}
  - {id: build, agent: Engineer, depends_on: [look], prompt: "Build {{ plan.scope }} after {{ look }}."}
  - id: each
    depends_on: [build]
    foreach: {items: plan.tasks, as: job, steps: [{id: one, agent: Engineer, prompt: "Do {{ job }} number {{ index }}."}]}
loops: {again: {from: build, to: plan, max: 2}}
`;

const preview = (params = {}): Preview =>
  previewPlan(aPlan(WORKFLOW), { context: CONTEXT, params });
const stepOf = (key: string, params = {}) =>
  preview(params).steps.find((step) => step.key === key)!;

describe('a preview', () => {
  it.each([
    [null, { plan: ['after'], build: [], check: ['if items are open'] }],
    ['assisted', { plan: ['after'], build: ['after'], check: ['if items are open', 'after'] }],
    ['supervised', { plan: ['after'], build: [], check: ['if items are open'] }],
    ['autonomous', { plan: [], build: [], check: ['if items are open'] }],
  ])('shows where people are asked with `autonomy: %s`', (level, expected) => {
    const plan = aPlan(`name: levels${level === null ? '' : `\nautonomy: ${level}`}
steps:
  - {id: plan, agent: Planner, prompt: Plan., stop: true}
  - {id: build, agent: Engineer, access: edit, prompt: Build., depends_on: [plan]}
  - {id: check, run: make check, depends_on: [build], open_items: hold}
`);

    const { steps } = previewPlan(plan, { context: CONTEXT, params: {} });

    const moments = steps.map(({ key, gates }) => [key, gates.map(({ moment }) => moment)]);
    expect(Object.fromEntries(moments)).toEqual(expected);
  });

  it('keeps what runs at the end of every run out of the order', () => {
    const plan = aPlan(`name: ends
steps:
  - {id: work, agent: Engineer, prompt: Work.}
  - {id: tell, agent: Researcher, prompt: Tell., finally: true, optional: true}
`);

    const { layers, finalisers } = previewPlan(plan, { context: CONTEXT, params: {} });

    expect(layers).toEqual([['work']]);
    expect(finalisers).toEqual(['tell']);
  });

  it('has every prompt as it will be sent, with names in brackets for what is not there yet', () => {
    const firstLines = preview().steps.map(({ key, prompt }) => [key, prompt?.split('\n')[0]]);

    expect(firstLines).toEqual([
      [
        'plan',
        'Plan for <data name="task">Greet people</data>, <data name="params.depth">shallow</data>.',
      ],
      ['look', 'Look: <data name="plan.tasks">[plan.tasks[0]]</data>'],
      [
        'build',
        'Build <data name="plan.scope">[plan.scope]</data> after <data name="look">[look: what step look answers]</data>.',
      ],
      ['each', undefined],
      ['each[0]/one', 'Do <data name="job">[job]</data> number 0.'],
    ]);
  });

  it('uses the parameters that are given', () => {
    expect(stepOf('plan', { depth: 'deep' }).prompt).toContain('>deep<');
  });

  it('tells who does what with which rights, after what, and who decides', () => {
    expect(stepOf('plan')).toMatchObject({
      persona: 'Planner',
      model: 'large',
      access: 'readonly',
      after: [],
      gates: [{ moment: 'after', reviseTo: 'plan', approvers: { role: 'write', count: 1 } }],
    });
    expect(stepOf('build')).toMatchObject({
      access: 'edit',
      after: ['plan if result.scope == "all"', 'look'],
    });
  });

  it('names the model a persona prefers where the step names none, and who shares a conversation', () => {
    const plan = aPlan(`name: a
personas: {Dba: {prompt: You know SQL., model: large}}
steps:
  - {id: ask, agent: Dba, prompt: Look.}
  - {id: tell, agent: Dba, model: small, execution: main, prompt: Tell.}
`);

    const text = renderPreview(previewPlan(plan, { context: CONTEXT, params: {} }), false);

    expect(text).toContain('| Dba, large |');
    expect(text).toContain('| Dba, small, shared conversation |');
  });

  it('counts a token per four characters of persona and prompt', () => {
    const { prompt, system, tokens } = stepOf('plan');

    expect(tokens).toBe(Math.ceil((prompt!.length + system!.length) / 4));
    expect(preview().tokens).toBe(preview().steps.reduce((sum, step) => sum + step.tokens, 0));
  });

  it('shows what may run side by side, and the ways back', () => {
    const { layers, loops } = preview();

    expect(layers).toEqual([['plan'], ['look'], ['build'], ['each']]);
    expect(loops).toEqual([
      { id: 'again', from: 'build', to: 'plan', when: 'outcome == revise', max: 2 },
    ]);
  });

  it('says which prompt cannot be rendered, and why', () => {
    const plan = aPlan(
      'name: a\nsteps:\n  - {id: one, agent: Planner, prompt: "{{ task | first | first }}{{ 1 + task }}"}',
    );

    const [step] = previewPlan(plan, { context: CONTEXT, params: {} }).steps;

    expect(step?.prompt).toBeNull();
    expect(step?.problem).toMatch(/^the prompt of step one, line 1/);
  });
});

describe('renderPreview', () => {
  it('leaves the prompts out on demand', () => {
    expect(renderPreview(preview(), true)).toContain('## Prompt of build');
    expect(renderPreview(preview(), false)).not.toContain('## Prompt of');
  });

  it('draws the graph for Mermaid', () => {
    expect(renderPreview(preview(), false)).toContain('```mermaid\nflowchart LR');
  });
});

describe('renderPreviewComment', () => {
  it('says that nothing was started and folds everything else away', () => {
    const [first, ...folds] = renderPreviewComment(preview()).split('\n\n<details>');

    expect(first).toMatch(/^\*\*demo\*\* has 5 steps, 4 with an agent\. Nothing was started\./);
    expect(folds.map((fold) => /<summary>(.*)<\/summary>/.exec(fold)?.[1])).toEqual([
      'Graph, gates and rights',
      'Prompt of `plan`',
      'Prompt of `look`',
      'Prompt of `build`',
      'Prompt of `each[0]/one`',
    ]);
  });

  it('fits into a comment however long the prompts are', () => {
    const steps = Array.from(
      { length: 400 },
      (_, at) =>
        `  - {id: s${at}, title: ${'t'.repeat(60)}, agent: Planner, prompt: "${'long '.repeat(90)}"}\n`,
    );
    const plan = aPlan(`name: a\nsteps:\n${steps.join('')}`);

    const comment = renderPreviewComment(previewPlan(plan, { context: CONTEXT, params: {} }));

    expect(comment.length).toBeLessThan(65_000);
    expect(comment).toMatch(/…and \d+ more prompts\.$/);
  });
});
