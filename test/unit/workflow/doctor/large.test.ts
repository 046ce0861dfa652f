import { describe, expect, it } from 'vitest';
import { diagnosesOf } from '#test/support/workflow/doubtful-corpus.ts';

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
});
