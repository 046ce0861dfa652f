import type { NotNow } from '../commands/admit.ts';
import { newRun } from '../engine/state/new-run.ts';
import type { RunContext } from '../engine/state/run-context.ts';
import type { Json, JsonObject } from '../plan/json.ts';
import type { Plan, StartRules } from '../plan/plan.ts';
import { insertRun, lockRun } from '../store/runs.ts';
import type { DatabaseTransaction } from '../store/schema.ts';
import { findStarted, lockStarts } from '../store/starts.ts';
import { deleteWaitingStart, insertWaitingStart } from '../store/waiting-starts.ts';
import { applyEvent } from './apply-event.ts';
import { decideStart, type GitHubFacts, placeOf } from './decide-start.ts';
import type { RunDeps } from './run-deps.ts';

export interface NewStart {
  /** Chosen by the caller, since branch names contain it; unused if the run already exists. */
  readonly runId: string;
  readonly plan: Plan;
  readonly context: RunContext;
  readonly params: JsonObject;
  /** Identifies what asks for the run. The same key starts nothing a second time. */
  readonly startKey: string;
  /** What the plan's start rules ask about; if absent, a rule that asks is not met. */
  readonly onGitHub?: GitHubFacts;
  /** What is asked again if the start has to wait. */
  readonly request?: Json;
}

export type StartResult =
  | { readonly type: 'started'; readonly runId: string }
  /** This very request was served before. */
  | { readonly type: 'repeated'; readonly runId: string }
  /** It starts when this run is over. */
  | { readonly type: 'waits'; readonly runId: string }
  /** The subject has a live run of this workflow, or another of the workflow's rules says no. */
  | { readonly type: 'refused'; readonly reason: NotNow };

/** Inserts the run and its first jobs in one transaction, or finds out what is in the way. */
export async function startRun(deps: RunDeps, request: NewStart): Promise<StartResult> {
  const at = deps.now();
  return deps.db.transaction().execute(async (trx) => {
    const rules = request.plan.policies.start ?? null;
    if (rules === null) return insertAndStart(deps, trx, request, at);
    await lockStarts(trx, request.context.repository.id);
    const before = await findStarted(trx, request.startKey);
    if (before !== null) return { type: 'repeated', runId: before };
    return startByRules(deps, trx, { ...request, rules }, at);
  });
}

const NOT_ASKED: GitHubFacts = { labels: [], search: 'refused', openPulls: Infinity };

async function startByRules(
  deps: RunDeps,
  trx: DatabaseTransaction,
  request: NewStart & { readonly rules: StartRules },
  at: string,
): Promise<StartResult> {
  const { rules, context, startKey, runId } = request;
  const onGitHub = request.onGitHub ?? NOT_ASKED;
  const decided = await decideStart(trx, { rules, context, startKey, onGitHub, at });
  if (decided.type === 'refused') return decided;
  if (decided.type === 'waits') {
    const scope = rules.concurrency?.key ?? 'item';
    const waiting = {
      ...placeOf(context),
      key: startKey,
      scope,
      request: request.request ?? null,
      at,
    };
    await insertWaitingStart(trx, waiting);
    return decided;
  }
  const { login } = context.trigger;
  for (const id of decided.replaces) {
    const reason = `replaced by run ${runId}`;
    const event = { type: 'run.cancelled', by: login, reason, at } as const;
    await applyEvent(deps, trx, await lockRun(trx, id), event);
  }
  await deleteWaitingStart(trx, startKey);
  return insertAndStart(deps, trx, request, at);
}

async function insertAndStart(
  deps: RunDeps,
  trx: DatabaseTransaction,
  { plan, context, params, runId, startKey }: NewStart,
  at: string,
): Promise<StartResult> {
  const run = newRun({
    id: runId,
    plan,
    starter: context.trigger.login,
    params,
    headSha: null,
    subjectSha: context.subject.type === 'pull-request' ? context.baseSha : null,
  });
  const inserted = await insertRun(trx, { run, plan, context, startKey, queuedAt: at });
  if (inserted !== 'inserted') {
    if (inserted.conflict === 'delivery') return { type: 'repeated', runId: inserted.runId };
    return { type: 'refused', reason: { code: 'busy', runId: inserted.runId } };
  }
  await applyEvent(deps, trx, { run, plan, context }, { type: 'run.started', at });
  return { type: 'started', runId };
}
