import { expect, it } from 'vitest';
import { declaredEnds } from '#src/doctor/simulate/ends.ts';
import { explore } from '#src/doctor/simulate/explore.ts';
import { planOf } from '#test/unit/builtin/built-in.ts';

/** Each takes some twenty seconds of work: too long for the unit tests, which look at their parts one by one. */
it.each(['implement', 'fullstack-build'])(
  '%s reaches every end and never gets stuck, with all it calls explored within it',
  { timeout: 600_000 },
  (name) => {
    const plan = planOf(name);

    const found = explore(plan, { bound: 3, maxStates: 100_000, params: {} });

    expect(found).toMatchObject({ complete: true, deadEnds: [], neverStarted: [], sampled: [] });
    expect([...found.ends.keys()]).toEqual(expect.arrayContaining([...declaredEnds(plan)]));
  },
);
