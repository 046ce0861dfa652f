import { describe, expect, it } from 'vitest';
import { survey } from '#src/doctor/survey-parts.ts';
import { aPlan } from '#test/support/language/builders.ts';
import { diagnosesOf } from '#test/support/language/doubtful-corpus.ts';

/** Many steps that each answer one of three words and decide whether a step of their own runs. */
function manySteps(count: number, last: string): string {
  const step = (at: number, when: string): string =>
    `  - {id: s${at}, agent: Planner, prompt: x, result: {schema: {type: object, required: [w], properties: {w: {enum: [a, b, c]}}}}}
  - {id: t${at}, agent: Engineer, prompt: x, depends_on: [s${at}], when: s${at}.w == "${when}"}
`;
  const steps = Array.from({ length: count }, (_, at) => step(at, at === count - 1 ? last : 'a'));
  return `name: a\nsteps:\n${steps.join('')}`;
}

describe('the doctor on a workflow with more cases than can be tried', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(diagnosesOf(manySteps(30, 'b'))).toEqual([]);
  });

  it('still finds the condition that cannot hold, by looking at each step with what comes before it', () => {
    const found = diagnosesOf(manySteps(30, 'd'));

    expect(found.map(({ rule, line }) => `${line} ${rule}`)).toEqual(['62 never-holds']);
  });

  it('counts as possible what it may no longer try, and still tries what is small', () => {
    const names = Array.from({ length: 12 }, (_, at) => `t${at}`).join(', ');
    const meeting = `  - {id: m, agent: Planner, prompt: x, depends_on: [${names}]}\n`;
    const plan = aPlan(manySteps(12, 'd') + meeting);
    const graph = plan.graphs[plan.main]!;
    const effort = { left: 100_000 };

    const { ran, asked } = survey({ graph, params: new Map(), effort });

    expect(graph.nodes.filter(({ id }) => !ran.has(id)).map(({ id }) => id)).toEqual(['t11']);
    expect(asked.get('when:t11')).toEqual({ held: false, failed: true });
    expect(effort.left).toBeGreaterThan(0);
  });
});
