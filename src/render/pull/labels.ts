import type { Run, RunStatus } from '../../engine/state/run.ts';

interface LabelDefinition {
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

export interface LabelPlan {
  /** The one state label the item should have; null for none. */
  readonly add: LabelDefinition | null;
  /** Labels to remove where they are set. */
  readonly remove: readonly string[];
}

/** An index for searching: the database decides. The label that started the run is removed. */
export function labelsFor(run: Run, prefix: string, triggerLabel: string | null): LabelPlan {
  const state = STATE_FOR[run.status];
  const remove = Object.keys(STATES)
    .filter((name) => name !== state)
    .map((name) => `${prefix}:${name}`);
  return {
    add: state === null ? null : { name: `${prefix}:${state}`, ...STATES[state] },
    remove: triggerLabel === null ? remove : [triggerLabel, ...remove],
  };
}

const STATES = {
  running: { color: '0969da', description: 'Agents are at work here' },
  waiting: { color: 'bf8700', description: 'A person has to decide something here' },
  'needs-human': { color: 'd93f0b', description: 'The last run cannot go on without a person' },
  done: { color: '1a7f37', description: 'The last run finished' },
  failed: { color: 'cf222e', description: 'The last run stopped; see its comment for the ways on' },
} as const;

const STATE_FOR: Readonly<Record<RunStatus, keyof typeof STATES | null>> = {
  queued: 'running',
  running: 'running',
  waiting: 'waiting',
  succeeded: 'done',
  failed: 'failed',
  escalated: 'needs-human',
  cancelled: null,
  expired: null,
};
