import { describe, expect, it } from 'vitest';
import { declaredEnds } from '#src/engine/simulate/ends.ts';
import { engineOracle } from '#src/engine/simulate/engine-oracle.ts';
import { explore } from '#src/engine/simulate/explore.ts';
import { diagnose } from '#src/workflow/doctor/diagnose.ts';
import { isProblem } from '#src/workflow/doctor/diagnosis.ts';
import { folder, planOf } from './built-in.ts';

/** Visits of each step on one path: one more than any loop or revision of a built-in goes round. */
const BOUND = 6;
const MAX_STATES = 200_000;

/** Made of so many stops and loops that their states outgrow the limit; `recipes.test.ts` plays their paths. */
const TOO_LARGE: ReadonlySet<string> = new Set([
  'build',
  'design',
  'implement',
  'front-build',
  'front-design',
  'fullstack-build',
  'fullstack-implement',
]);

describe('every path through a built-in workflow, each step visited up to six times', () => {
  it.each([...folder.definitions.keys()].filter((name) => !TOO_LARGE.has(name)))(
    '%s reaches every end it declares, starts every step and never gets stuck',
    { timeout: 120_000 },
    (name) => {
      const plan = planOf(name);

      const found = explore(plan, { bound: BOUND, maxStates: MAX_STATES, params: {} });

      expect(found).toMatchObject({ complete: true, deadEnds: [], neverStarted: [], sampled: [] });
      expect([...found.ends.keys()]).toEqual(expect.arrayContaining([...declaredEnds(plan)]));
    },
  );
});

describe('the doctor on the built-in workflows', () => {
  it.each([...folder.definitions.keys()])('finds no problem in %s', (name) => {
    const definition = folder.definitions.get(name)!;
    const surroundings = { teams: null, hasFile: null, commands: null };

    const found = diagnose({ definition, plan: planOf(name), oracle: engineOracle, surroundings });

    expect(found.filter(isProblem)).toEqual([]);
  });
});
