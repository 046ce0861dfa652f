import fc from 'fast-check';
import { describe, it } from 'vitest';
import { isSettled } from '#src/engine/state/is-settled.ts';
import { randomPlan } from '#test/support/engine/random-plan.ts';
import { diceFrom, World } from '#test/support/engine/world.ts';

const RUNS = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 2_000);
const MOST_EVENTS = 5_000;
/** A failure prints its seed and path: with both it is played again at once. */
const SEED = process.env['SLUICE_PROPERTY_SEED'];
const PATH = process.env['SLUICE_PROPERTY_PATH'];
const PARAMETERS = {
  numRuns: RUNS,
  ...(SEED !== undefined && { seed: Number(SEED) }),
  ...(PATH !== undefined && { path: PATH }),
};

describe('the engine on random plans', () => {
  it(
    'never deadlocks, loses a node, runs one twice or runs for ever, whatever happens in between',
    () => {
      fc.assert(
        fc.property(randomPlan, fc.nat(), fc.nat({ max: 60 }), (plan, seed, disturbances) => {
          const world = new World(plan, diceFrom(seed));
          for (let step = 0; step < disturbances; step += 1) world.disturb();
          if (world.run.status === 'queued') world.apply({ type: 'run.started' });
          while (world.help()) {
            if (world.events > MOST_EVENTS) throw new Error('It runs for ever');
          }
          if (!isSettled(world.run.status)) throw new Error('It is not over');
        }),
        PARAMETERS,
      );
    },
    RUNS * 100,
  );
});
