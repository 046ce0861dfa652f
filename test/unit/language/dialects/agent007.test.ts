import { describe, expect, it } from 'vitest';
import { example, mainGraph, planIn } from '#test/support/language/dialect-folder.ts';
import { playPlan } from '#test/support/language/play-plan.ts';

const TYPED = {
  'workflows/typed-steps.yml': example('agent007/typed-steps.yml'),
  'workflows/follow-up.yml': example('agent007/follow-up.yml'),
  'skills/write-report.md': 'Write a report about {{ findings }}.',
  'skills/checklist.md': 'Go through the checklist.',
};
const typed = () => planIn(TYPED, 'typed-steps');

describe('a file of agent007', () => {
  it('runs as it is to its end', () => {
    const files = { 'workflows/my-workflow.yml': example('agent007/my-workflow.yml') };

    const { player, order } = playPlan(planIn(files, 'my-workflow'));

    expect(order).toEqual(['research', 'implement']);
    expect(player.run.status).toBe('succeeded');
  });

  it('may name the arguments of its filters', () => {
    const prompt = '{{ task | truncate(length=20, end="...") | default(value="x") }}';
    const step = JSON.stringify({ id: 'a', type: 'execute', agent: 'Planner', prompt });

    const plan = planIn({ 'workflows/named.yml': `name: named\nsteps: [${step}]\n` }, 'named');

    expect(mainGraph(plan).nodes).toMatchObject([{ id: 'a', prompt }]);
  });

  it('keeps its eval gate and its reliability', () => {
    const { policies, dialect } = typed();

    expect(dialect).toBe('agent007');
    expect(policies.evalGate).toMatchObject({
      min_baseline_runs: 5,
      baseline_window: 20,
      warn_threshold: 0.15,
      block_threshold: 0.3,
    });
    expect(policies.reliability).toMatchObject({ recovery: { max_step_retries: 1 } });
  });

  it('takes the route whose words the answer has, whatever the case, and prunes the others', () => {
    const { player, order } = playPlan(typed(), {
      classify: [{ text: 'It is the FrontEnd.' }],
      judge: [{ text: 'APPROVED' }],
    });

    expect(order).toEqual([
      'classify',
      'front',
      'changed',
      'reviews/reviews-1',
      'reviews/reviews-2',
      'judge',
      'report',
      'outline/propose',
      'eval-gate',
    ]);
    expect(player.status('back')).toBe('pruned');
    expect(player.run.status).toBe('succeeded');
  });

  it('goes the default route when no words fit', () => {
    const { player } = playPlan(typed(), {
      classify: [{ text: 'Neither.' }],
      judge: [{ text: 'APPROVED' }],
    });

    expect(player.statuses('front', 'back')).toEqual({ front: 'pruned', back: 'completed' });
  });

  it('goes back where an evaluator says so, and fails when its retries are used up', () => {
    const approvedLate = playPlan(typed(), {
      judge: [{ text: 'Not yet.' }, { text: 'APPROVED' }],
    });
    const never = playPlan(typed(), { judge: [{ text: 'Not yet.' }] });

    expect(approvedLate.order.filter((id) => id === 'judge')).toHaveLength(2);
    expect(approvedLate.player.run.status).toBe('succeeded');
    expect(never.order.filter((id) => id === 'judge')).toHaveLength(3);
    expect(never.player.run.status).toBe('failed');
  });

  it('runs a tool without a model, workers as a group and a called workflow as its own graph', () => {
    const kinds = mainGraph(typed()).nodes.map(({ id, kind }) => [id, kind]);

    expect(kinds).toEqual([
      ['classify', 'agent'],
      ['front', 'agent'],
      ['back', 'agent'],
      ['changed', 'auto'],
      ['reviews', 'group'],
      ['judge', 'agent'],
      ['report', 'agent'],
      ['outline', 'call'],
      ['eval-gate', 'auto'],
    ]);
  });

  it('gives prompts the names they have there, with nothing remembered', () => {
    const [classify] = mainGraph(typed()).nodes;

    expect(classify).toMatchObject({
      prompt: expect.stringMatching(/^\{% set args = task %\}\{% set rag_context = "" %\}/),
    });
  });

  it.each([
    ['{{verdict}} contains APPROVED', { type: 'text', op: 'contains', value: 'APPROVED' }],
    ['verdict equals "yes"', { type: 'text', op: 'equals', value: 'yes' }],
    ["{{ verdict }} starts_with 'OK '", { type: 'text', op: 'starts_with', value: 'OK ' }],
    ['{{ look }} contains done', { type: 'output', path: 'look', op: 'contains', value: 'done' }],
  ])('reads the condition %s', (condition, expected) => {
    const text = `name: a
steps:
  - {id: look, type: execute, agent: Researcher, prompt: Look.}
  - id: judge
    type: evaluator
    agent: CodeReviewer
    depends_on: [look]
    prompt: Judge.
    output: verdict
    evaluate: {condition: ${JSON.stringify(condition)}}
  - {id: end, type: execute, agent: Researcher, depends_on: [judge], prompt: End.}
`;

    const { edges } = mainGraph(planIn({ 'workflows/a.yml': text }, 'a'));

    expect(edges.find(({ id }) => id === 'judge->end')?.when).toEqual(expected);
  });
});
