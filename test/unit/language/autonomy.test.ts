import { describe, expect, it } from 'vitest';
import { newRun } from '#src/engine/state/new-run.ts';
import type { Plan } from '#src/plan/plan.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';
import { aPlan } from '#test/support/language/builders.ts';

const steps = `
  - {id: plan, agent: Planner, prompt: x, stop: true, approval: {batch: true}}
  - {id: build, agent: Engineer, access: edit, prompt: x, depends_on: [plan], stop: true}
  - {id: test, run: "npm test", depends_on: [build]}
  - {id: review, agent: CodeReviewer, prompt: x, depends_on: [test]}
  - {id: sign, depends_on: [review], requires_approval: true}
  - {id: deploy, run: "make deploy", depends_on: [sign], requires_individual_consent: true}
  - {id: report, agent: Planner, prompt: x, finally: true}`;

function planAt(level: string | null, list = steps): Plan {
  return aPlan(`name: t\n${level === null ? '' : `autonomy: ${level}\n`}steps:${list}`);
}

/** Every step that people are asked about, in order, when everything goes well. */
function askedAt(level: string | null): string[] {
  const plan = planAt(level);
  const play = new Player(plan).start();
  const asked: string[] = [];
  for (let turn = 0; turn < 40 && play.run.status !== 'succeeded'; turn += 1) {
    const [gate] = play.gates;
    const [node] = play.dispatched;
    if (gate !== undefined) {
      asked.push(`${gate.node} ${gate.kind}`);
      play.decide('approve');
    } else if (node !== undefined) play.finish(node, done());
  }
  expect(play.run.status).toBe('succeeded');
  return asked;
}

const ALWAYS = ['sign approval', 'deploy consent'];

describe('autonomy in a native file', () => {
  it('asks where the steps say so when it is left out', () => {
    expect(askedAt(null)).toEqual(['plan stop-point', ...ALWAYS]);
  });

  it('assisted: asks after every agent and command, whatever was approved as a batch', () => {
    expect(askedAt('assisted')).toEqual([
      'plan approval',
      'build approval',
      'test approval',
      'review approval',
      ...ALWAYS,
      'deploy approval',
    ]);
  });

  it('supervised: asks after what plans and reviews, and at every stop', () => {
    expect(askedAt('supervised')).toEqual([
      'plan approval',
      'build approval',
      'review approval',
      ...ALWAYS,
    ]);
  });

  it('supervised: asks how to go on when a check fails for good', () => {
    const play = new Player(planAt('supervised', steps.replace(', stop: true}', '}'))).start();

    play.finish('plan').decide('approve').finish('build').finish('test', failed());

    expect(play.gates).toMatchObject([{ kind: 'checkpoint', node: 'test' }]);
  });

  it.each(['autonomous', 'ase'])('%s: passes stops, and nothing that is asked by name', (level) => {
    expect(askedAt(level)).toEqual(ALWAYS);
  });

  it('autonomous: still calls for help', () => {
    const plan = planAt('autonomous', steps.replace('id: review', 'checkpoint: true, id: review'));
    const play = new Player(plan).start().finishAll('plan', 'build', 'test');

    play.finish('review', failed());

    expect(play.gates).toMatchObject([{ kind: 'checkpoint', node: 'review' }]);
  });

  it('leaves optional steps optional, and a step with an approval of its own as it is', () => {
    const list = `
  - {id: a, agent: Planner, prompt: x, optional: true}
  - {id: b, agent: Planner, prompt: x, requires_approval: true, approval_prompt: Sound?, approval: {when: before, count: 2}}`;

    const nodes = planAt('supervised', list).graphs['main']?.nodes ?? [];

    expect(nodes).toMatchObject([
      { disposition: 'optional', approval: { when: 'after', approvers: { count: 1 } } },
      { approval: { when: 'before', prompt: 'Sound?', approvers: { count: 2 } } },
    ]);
  });

  it('holds inside groups as well', () => {
    const list = `
  - id: both
    group: {steps: [{id: a, agent: Planner, prompt: x}, {id: b, run: "true"}]}`;

    const { graphs } = planAt('assisted', list);

    expect(graphs['main']?.nodes).toMatchObject([{ id: 'both', approval: null }]);
    expect(graphs['main/both']?.nodes.map(({ approval }) => approval?.when)).toEqual([
      'after',
      'after',
    ]);
  });

  it('starts plans of older versions as they were: their stops wait', () => {
    const { passesStops: _, ...policies } = planAt('autonomous').policies;

    const plan = { ...planAt('autonomous'), policies };

    expect(newRun({ id: 'R', plan, starter: 'a', params: {}, headSha: null }).autonomous).toBe(
      false,
    );
  });
});
