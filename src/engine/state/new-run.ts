import type { JsonObject } from '../../plan/json.ts';
import type { Graph, Plan } from '../../plan/plan.ts';
import { EngineError } from './engine-error.ts';
import { NO_USAGE } from './idle-node.ts';
import { newFrame } from './new-frame.ts';
import { ROOT } from './node-key.ts';
import { RUN_VERSION, type Run } from './run.ts';

export interface RunStart {
  readonly id: string;
  readonly plan: Plan;
  readonly starter: string;
  readonly params: JsonObject;
  readonly headSha: string | null;
  /** Absent if it is about no pull request. */
  readonly subjectSha?: string | null;
}

/** A queued run of the plan; `run.started` sets it going. */
export function newRun({ id, plan, starter, params, headSha, subjectSha = null }: RunStart): Run {
  const root = {
    parent: null,
    parentVisit: 0,
    index: null,
    item: null,
    params: {},
    tries: 0,
  };
  return {
    version: RUN_VERSION,
    id,
    status: 'queued',
    reason: null,
    frames: { [ROOT]: newFrame(graphOf(plan, plan.main), root, null) },
    gates: [],
    startedAt: null,
    settledAt: null,
    held: false,
    autonomous: plan.policies.passesStops === true,
    consentUntil: null,
    counters: {
      gates: 0,
      steps: 0,
      usage: NO_USAGE,
      workMs: 0,
      degradations: 0,
      resumes: 0,
      base: { steps: 0, usage: NO_USAGE, workMs: 0 },
      budgetBase: NO_USAGE,
    },
    draining: false,
    pendingOutcome: null,
    starter,
    headSha,
    subjectSha,
    uncommitted: null,
    trees: {},
    params,
    breach: null,
    alerts: [],
    workSince: null,
  };
}

export function graphOf(plan: Plan, id: string): Graph {
  const graph = plan.graphs[id];
  if (graph === undefined) {
    throw new EngineError('unknown-graph', `The plan has no graph "${id}".`, { plan: plan.name });
  }
  return graph;
}
