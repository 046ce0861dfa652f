import type { TransitionRecord } from '../../engine/state/event.ts';
import type { Run } from '../../engine/state/run.ts';
import type { JsonObject } from '../../plan/json.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Director } from './cast.ts';
import { type Move, makeMove } from './move.ts';
import { Moves } from './moves.ts';
import { openStage } from './stage.ts';

/** One move and everything the engine recorded about it. */
export interface Act {
  /** Null for the start. */
  readonly move: Move | null;
  readonly scripted: boolean;
  readonly records: readonly TransitionRecord[];
}

export interface Play {
  readonly acts: readonly Act[];
  readonly run: Run;
  readonly end: 'over' | 'stuck' | 'refused' | 'too-long';
  readonly message: string | null;
}

const MAX_ACTS = 5_000;

/** Plays a run to its end, one move after the other, as the director says. */
export function play(plan: Plan, params: JsonObject, director: Director): Play {
  const moves = new Moves(plan);
  const first = openStage(plan, params);
  const acts: Act[] = [{ move: null, scripted: false, records: first.records }];
  let { stage } = first;
  while (acts.length < MAX_ACTS) {
    const direction = director(stage, moves);
    if (direction.type === 'refused') {
      return { acts, run: stage.run, end: 'refused', message: direction.message };
    }
    if (direction.type === 'none') {
      const isOver = stage.run.settledAt !== null;
      return { acts, run: stage.run, end: isOver ? 'over' : 'stuck', message: null };
    }
    const { move, scripted } = direction;
    const scene = makeMove(plan, stage, move);
    acts.push({ move, scripted, records: scene.records });
    if (scene.stage.run === stage.run) {
      return { acts, run: stage.run, end: 'stuck', message: 'the engine ignored the last move.' };
    }
    stage = scene.stage;
  }
  return { acts, run: stage.run, end: 'too-long', message: `stopped after ${MAX_ACTS} moves.` };
}
