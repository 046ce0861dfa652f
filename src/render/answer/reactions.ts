import type { RunStatus } from '../../engine/state/run.ts';

/** GitHub has eight; each of ours has one meaning. */
export type Reaction = '+1' | '-1' | 'confused' | 'hooray' | 'rocket' | 'eyes';

export type Moment = 'admitted' | 'done' | 'nothing-to-do' | 'not-allowed' | 'not-understood';

const REACTIONS: Readonly<Record<Moment, Reaction>> = {
  admitted: 'eyes',
  done: 'rocket',
  'nothing-to-do': '+1',
  'not-allowed': '-1',
  'not-understood': 'confused',
};

/** The reaction a command gets. */
export function reactionFor(moment: Moment): Reaction {
  return REACTIONS[moment];
}

/** The reaction that a run's trigger gets for its end; null if it has not ended. */
export function reactionForEnd(status: RunStatus): Reaction | null {
  return ENDS[status];
}

const ENDS: Readonly<Record<RunStatus, Reaction | null>> = {
  queued: null,
  running: null,
  waiting: null,
  succeeded: 'hooray',
  failed: 'confused',
  escalated: 'confused',
  cancelled: '-1',
  expired: '-1',
};
