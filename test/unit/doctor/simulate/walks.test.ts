import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf } from '#src/doctor/simulate/ends.ts';
import { explore } from '#src/doctor/simulate/explore.ts';
import { makeMove } from '#src/doctor/simulate/move.ts';
import { Moves } from '#src/doctor/simulate/moves.ts';
import { openStage } from '#src/doctor/simulate/stage.ts';
import type { Plan } from '#src/plan/plan.ts';
import { randomPlan } from '#test/support/engine/random-plan.ts';
import { type Dice, diceFrom } from '#test/support/engine/world.ts';

const BOUND = 3;
const PLANS = 40;
const WALKS = 60;
const MAX_STATES = 4_000;

/** Any way through the plan to its end; null: it left the bound, or got stuck. */
function walk(plan: Plan, dice: Dice): string | null {
  const moves = new Moves(plan);
  let { stage } = openStage(plan, {});
  for (let step = 0; step < 300; step += 1) {
    const visits = Object.values(stage.run.frames).flatMap(({ nodes }) =>
      Object.values(nodes).map(({ visit }) => visit),
    );
    if (Math.max(...visits) > BOUND) return null;
    if (stage.run.settledAt !== null) return endOf(stage.run);
    const options = moves.at(stage);
    const move = options[dice(Math.max(1, options.length))];
    if (move === undefined) return 'stuck';
    stage = makeMove(plan, stage, move).stage;
  }
  return null;
}

describe('exploring a plan', () => {
  it('finds every end that any random walk through it finds', { timeout: 60_000 }, () => {
    const plans = fc.sample(randomPlan, { numRuns: PLANS, seed: 7 });
    let complete = 0;
    for (const [seed, plan] of plans.entries()) {
      const found = explore(plan, { bound: BOUND, maxStates: MAX_STATES, params: {} });
      if (!found.complete) continue;
      complete += 1;
      const dice = diceFrom(seed);
      const ends = Array.from({ length: WALKS }, () => walk(plan, dice));
      const strays = ends.filter((end) => end !== null && !found.ends.has(end));
      expect(strays, `plan ${seed}`).toEqual([]);
    }
    expect(complete).toBeGreaterThan(PLANS / 3);
  });
});
