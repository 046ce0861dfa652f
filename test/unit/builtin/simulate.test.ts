import { describe, expect, it } from 'vitest';
import { diagnose } from '#src/doctor/diagnose.ts';
import { declaredEnds } from '#src/doctor/simulate/ends.ts';
import { explore } from '#src/doctor/simulate/explore.ts';
import { stubCalls } from '#src/doctor/simulate/stub-calls.ts';
import { isProblem } from '#src/language/problems/diagnosis.ts';
import { folder, planOf } from './built-in.ts';

/** Visits of each step on one path: one more than any loop of a built-in goes round. */
const BOUND = 3;
const MAX_STATES = 50_000;

/**
 * Made of others that are explored here themselves: looked at with each of them as one step that
 * answers anything or fails, because the states of all of them together take long. The first two are
 * explored whole by `test/integration/builtin`; of the third there are more than 200,000.
 */
const APART: ReadonlySet<string> = new Set(['implement', 'fullstack-build', 'fullstack-implement']);

describe('every path through a built-in workflow, each step visited up to three times', () => {
  it.each([...folder.definitions.keys()])(
    '%s reaches every end it declares, starts every step and never gets stuck',
    { timeout: 120_000 },
    (name) => {
      const whole = planOf(name);
      const plan = APART.has(name) ? stubCalls(whole) : whole;

      const found = explore(plan, { bound: BOUND, maxStates: MAX_STATES, params: {} });

      expect(found).toMatchObject({ complete: true, deadEnds: [], neverStarted: [], sampled: [] });
      expect([...found.ends.keys()]).toEqual(expect.arrayContaining([...declaredEnds(plan)]));
    },
  );

  it('leaves out of the large ones only what is explored by itself', () => {
    const called = [...APART].flatMap((name) =>
      Object.keys(planOf(name).graphs).flatMap((graph) => {
        const match = /^workflow:([^/]+)$/.exec(graph);
        return match === null ? [] : [match[1]];
      }),
    );

    expect([...folder.definitions.keys()]).toEqual(expect.arrayContaining([...new Set(called)]));
  });
});

describe('the doctor on the built-in workflows', () => {
  it.each([...folder.definitions.keys()])('finds no problem in %s', (name) => {
    const definition = folder.definitions.get(name)!;
    const surroundings = { teams: null, hasFile: null, commands: null };

    const found = diagnose({ definition, plan: planOf(name), surroundings });

    expect(found.filter(isProblem)).toEqual([]);
  });
});
