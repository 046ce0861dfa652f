import { newRun } from '../engine/new-run.ts';
import type { RunContext } from '../engine/run-context.ts';
import { insertRun } from '../store/runs.ts';
import type { JsonObject } from '../workflow/json.ts';
import type { Plan } from '../workflow/plan.ts';
import { applyEvent } from './apply-event.ts';
import type { RunDeps } from './run-deps.ts';

export interface StartRequest {
  /** Chosen by the caller, since branch names carry it; unused when the run exists already. */
  readonly runId: string;
  readonly plan: Plan;
  readonly context: RunContext;
  readonly params: JsonObject;
  /** What asks for the run. The same key starts nothing a second time. */
  readonly startKey: string;
}

export type StartResult =
  | { readonly type: 'started'; readonly runId: string }
  /** This very request was served before. */
  | { readonly type: 'repeated'; readonly runId: string }
  /** The subject has a live run of this workflow. */
  | { readonly type: 'busy'; readonly runId: string };

/** Inserts the run and its first jobs in one transaction, or finds the run that stands in the way. */
export async function startRun(deps: RunDeps, request: StartRequest): Promise<StartResult> {
  const { plan, context, params, runId, startKey } = request;
  const at = deps.now();
  const run = newRun({ id: runId, plan, starter: context.trigger.login, params, headSha: null });
  return deps.db.transaction().execute(async (trx) => {
    const inserted = await insertRun(trx, { run, plan, context, startKey, queuedAt: at });
    if (inserted !== 'inserted') {
      return {
        type: inserted.conflict === 'delivery' ? 'repeated' : 'busy',
        runId: inserted.runId,
      };
    }
    await applyEvent(deps, trx, { run, plan, context }, { type: 'run.started', at });
    return { type: 'started', runId };
  });
}
