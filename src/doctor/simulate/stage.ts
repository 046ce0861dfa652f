import type { RunEvent, TransitionRecord } from '../../engine/state/event.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import { newRun } from '../../engine/state/new-run.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import type { Gate, NodeKey, NodeState, Run } from '../../engine/state/run.ts';
import { transition } from '../../engine/transition.ts';
import type { JsonObject } from '../../plan/json.ts';
import type { Plan, PlanNode } from '../../plan/plan.ts';
import { ordered } from './ordered.ts';

/** A run between two moves, with a clock of its own. */
export interface Stage {
  readonly run: Run;
  readonly clock: number;
}

export interface Scene {
  readonly stage: Stage;
  readonly records: readonly TransitionRecord[];
}

/** What a stage is waiting for: a worker, a person, time, or nothing any more. */
export type Expecting =
  | {
      readonly type: 'work';
      readonly key: NodeKey;
      readonly node: PlanNode;
      readonly state: NodeState;
    }
  | { readonly type: 'decision'; readonly gate: Gate }
  | { readonly type: 'time'; readonly until: number }
  | { readonly type: 'end' }
  | { readonly type: 'nothing' };

const START = Date.UTC(2026, 0, 1);
const TICK = 1_000;

export function openStage(plan: Plan, params: JsonObject): Scene {
  const run = newRun({ id: 'simulated', plan, starter: 'starter', params, headSha: null });
  return apply(plan, { run, clock: START }, [{ type: 'run.started' }]);
}

/**
 * What must happen next. Work first and in plan order, then gates: what runs side by side does not
 * depend on who is first, so one order stands for all.
 */
export function expecting(plan: Plan, { run, clock }: Stage): Expecting {
  if (isSettled(run.status)) return { type: 'end' };
  const nodes = ordered(plan, run);
  const busy = nodes.find(({ state }) => state.status === 'running' && state.phase !== 'members');
  if (busy !== undefined) return { type: 'work', ...busy };
  const [gate] = openGates(run);
  if (gate !== undefined) return { type: 'decision', gate };
  const times = nodes.flatMap(({ state }) =>
    state.status === 'ready' && state.notBefore !== null ? [Date.parse(state.notBefore)] : [],
  );
  const later = times.filter((time) => time > clock);
  return later.length === 0 ? { type: 'nothing' } : { type: 'time', until: Math.min(...later) };
}

/** An event without its time: `Omit` that keeps the members of the union apart. */
export type Happening = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Omit<Event, 'at'>
    : never
  : never;

export function apply(plan: Plan, stage: Stage, happenings: readonly Happening[]): Scene {
  let { run, clock } = stage;
  const records: TransitionRecord[] = [];
  for (const happening of happenings) {
    clock += TICK;
    const next = transition(plan, run, { ...happening, at: new Date(clock).toISOString() });
    run = next.run;
    records.push(...next.records);
  }
  return { stage: { run, clock }, records };
}
