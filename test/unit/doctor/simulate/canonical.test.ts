import { describe, expect, it } from 'vitest';
import { Alive } from '#src/doctor/simulate/alive.ts';
import { canonicalText } from '#src/doctor/simulate/canonical.ts';
import { type Move, makeMove } from '#src/doctor/simulate/move.ts';
import { Moves } from '#src/doctor/simulate/moves.ts';
import { openStage, type Stage } from '#src/doctor/simulate/stage.ts';
import { agent, aPlan, aPolicy } from '#test/support/engine/plan-builder.ts';

const PLAN = aPlan({
  nodes: [agent('plan', { approval: aPolicy({ revise: { to: 'plan', max: 3 } }) })],
});
const START = openStage(PLAN, {}).stage;
const after = (stage: Stage, kind: (move: Move) => boolean): Stage =>
  makeMove(PLAN, stage, new Moves(PLAN).at(stage).find(kind)!).stage;
const textOf = (stage: Stage): string => canonicalText(PLAN, stage, new Alive(PLAN, stage.run));
const isAnswer = ({ type }: Move): boolean => type === 'answer';
const isRevision = (move: Move): boolean => move.type === 'verdict' && move.verdict === 'revise';

describe('canonicalText', () => {
  it('does not see the time', () => {
    expect(textOf({ ...START, clock: START.clock + 60_000 })).toBe(textOf(START));
  });

  it('does not see the numbers of gates that are closed', () => {
    const again = {
      ...START,
      run: { ...START.run, counters: { ...START.run.counters, gates: 7 } },
    };

    expect(textOf(again)).toBe(textOf(START));
  });

  it('sees that a round of revision is used up', () => {
    const answered = after(START, isAnswer);
    const revised = after(after(answered, isRevision), isAnswer);

    expect(textOf(revised)).not.toBe(textOf(answered));
  });
});
