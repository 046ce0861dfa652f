import type { Budget } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';
import type { Draft } from '../state/draft.ts';
import type { Failure } from '../state/event.ts';
import { gatesOfKind } from '../state/gates.ts';
import { bodyOf } from '../state/graph-index.ts';
import { addUsage } from '../state/idle-node.ts';
import type { Place } from '../state/place.ts';
import type { Breach, Usage } from '../state/run.ts';
import { loopState } from './loops.ts';
import { timeCapReached } from './work-clock.ts';

/** Charges an attempt's cost to the node, its loops and the run; notes any limit it exceeds. */
export function charge(draft: Draft, place: Place, usage: Usage): void {
  addToNode(draft, place, usage);
  const { counters } = draft.run;
  const before = spentOfBudget(draft);
  draft.update({ counters: { ...counters, usage: addUsage(counters.usage, usage) } });
  const { budget } = draft.plan.policies;
  alertOnce(draft, 'The run', budget, { before, after: spentOfBudget(draft) });
  const breach = breachOf(draft);
  if (breach === null || draft.run.breach !== null) return;
  if (degrade(draft, place, breach)) return;
  draft.update({ breach });
  draft.record('abort', { place, reasonCode: breach.code, detail: breach.message });
}

/** Adds cost to a node and the loops around it, but not to the run's total. */
export function addToNode(draft: Draft, place: Place, usage: Usage): void {
  const state = draft.node(place);
  if (usage.inputTokens + usage.outputTokens > 0 || usage.usd !== null) {
    const now = addUsage(state.usage, usage);
    draft.updateNode(place, { usage: now });
    const spent = { before: totals(state.usage), after: totals(now) };
    alertOnce(draft, place.node.id, place.node.budget, spent);
  }
  if (usage.usd === null || usage.usd === 0) return;
  for (const loop of place.index.graph.loops) {
    const spent = loopState(draft, place, loop);
    if (spent.count === 0 || !bodyOf(place.index, loop).has(place.node.id)) continue;
    draft.setLoop(place.frame, loop.id, { ...spent, usd: spent.usd + usage.usd });
  }
}

/** Lets the run spend each of its limits again, counting from now. */
export function grantAgain(draft: Draft): void {
  const { counters } = draft.run;
  const { steps, usage, workMs } = counters;
  draft.update({ counters: { ...counters, base: { steps, usage, workMs } } });
  grantBudget(draft);
}

/** Lets the run spend its budget again; its caps stay where they are. */
export function grantBudget(draft: Draft): void {
  const { counters } = draft.run;
  draft.update({ counters: { ...counters, budgetBase: counters.usage } });
  draft.update({ breach: breachOf(draft) });
}

/** The limits on started steps and on working time, checked before each step. */
export function capReached(draft: Draft): Breach | null {
  const { steps, base } = draft.run.counters;
  const { caps } = draft.plan.policies;
  if (steps - base.steps >= caps.steps) {
    return { code: 'step-cap', message: `All ${caps.steps} steps are used.`, pause: false };
  }
  return timeCapReached(draft);
}

export interface NodeBreach {
  readonly onExceed: 'stop' | 'pause';
  readonly failure: Failure;
}

/** The breach of a node's own budget; null if there is none. */
export function breachOfNode(draft: Draft, place: Place): NodeBreach | null {
  const { budget } = place.node;
  if (budget === null || budget.onExceed === 'alert-only') return null;
  const over = overrun(
    timesAsMuch(budget, 1 + grantsFor(draft, place)),
    totals(draft.node(place).usage),
  );
  if (over === null) return null;
  const message = `${place.node.id} used ${over}.`;
  return {
    onExceed: budget.onExceed,
    failure: { class: 'budget', reason: 'budget-exceeded', message, retryAfterMs: null },
  };
}

/** How often a person has let the node spend its limit again, at its own gate or by a resume. */
function grantsFor(draft: Draft, place: Place): number {
  const granted = gatesOfKind(draft.run, 'budget').filter(
    ({ node, when, decision }) =>
      node === place.key && when === 'after' && decision?.verdict === 'approve',
  );
  return granted.length + draft.run.counters.resumes;
}

function timesAsMuch({ maxTokens, maxUsd }: Limit, times: number): Limit {
  return {
    maxTokens: maxTokens === null ? null : maxTokens * times,
    maxUsd: maxUsd === null ? null : maxUsd * times,
  };
}

type Limit = Pick<Budget, 'maxTokens' | 'maxUsd'>;

interface Totals {
  readonly tokens: number;
  readonly usd: number;
}

function totals(usage: Usage): Totals {
  return { tokens: usage.inputTokens + usage.outputTokens, usd: usage.usd ?? 0 };
}

function spentOfBudget(draft: Draft): Totals {
  return spentSince(draft, draft.run.counters.budgetBase);
}

function spentSince(draft: Draft, base: Usage): Totals {
  const now = totals(draft.run.counters.usage);
  const then = totals(base);
  return { tokens: now.tokens - then.tokens, usd: now.usd - then.usd };
}

function breachOf(draft: Draft): Breach | null {
  const { caps, budget } = draft.plan.policies;
  const capped = spentSince(draft, draft.run.counters.base.usage);
  const hard = overrun({ maxTokens: caps.tokens, maxUsd: caps.usd }, capped);
  if (hard !== null) {
    return { code: 'budget-exceeded', message: `The run used ${hard}.`, pause: false };
  }
  if (budget === null || budget.onExceed === 'alert-only') return null;
  const soft = overrun(budget, spentOfBudget(draft));
  if (soft === null) return null;
  const pause = budget.onExceed === 'pause';
  return { code: 'budget-exceeded', message: `The run used ${soft}.`, pause };
}

/** A limit is exceeded only when spending is strictly above it. */
function overrun(limit: Limit, spent: Totals): string | null {
  if (limit.maxTokens !== null && spent.tokens > limit.maxTokens) {
    return `${spent.tokens} of ${limit.maxTokens} tokens`;
  }
  if (limit.maxUsd !== null && spent.usd > limit.maxUsd) {
    return `$${spent.usd.toFixed(2)} of $${limit.maxUsd.toFixed(2)}`;
  }
  return null;
}

/** One exceeded limit may be handled by cutting what later steps see; the next one is a breach. */
function degrade(draft: Draft, place: Place, breach: Breach): boolean {
  const policy = draft.plan.policies.reliability;
  const governor = readPath(policy ?? null, 'budget_governor');
  if (readPath(governor, 'enabled') !== true) return false;
  const { counters } = draft.run;
  const most = readPath(governor, 'max_degradations_per_run');
  if (counters.degradations >= (typeof most === 'number' ? most : 1)) return false;
  const { result } = draft.node(place);
  const cut = readPath(governor, 'degrade_output_chars');
  const cutTo = typeof cut === 'number' ? cut : 400;
  if (result !== null) draft.updateNode(place, { result: { ...result, cutTo } });
  draft.update({ counters: { ...counters, degradations: counters.degradations + 1 } });
  draft.record('degrade', { place, reasonCode: 'budget-exceeded-degrade', detail: breach.message });
  return true;
}

const MOST_ALERTS = 10;

/** Tells people, once, when a given share of a budget is used. */
function alertOnce(
  draft: Draft,
  whose: string,
  budget: Budget | null,
  { before, after }: { readonly before: Totals; readonly after: Totals },
): void {
  if (budget === null) return;
  for (const percent of sharesToTell(budget)) {
    if (share(budget, before) >= percent || share(budget, after) < percent) continue;
    const detail = `${whose} has used ${percent}% of its budget.`;
    draft.update({ alerts: [...draft.run.alerts, detail].slice(-MOST_ALERTS) });
    draft.record('budget-alert', { reasonCode: `${percent}-percent`, detail });
  }
}

/** A budget that only alerts would be useless without at least one share to alert at. */
function sharesToTell({ alertPercent, onExceed }: Budget): readonly number[] {
  return alertPercent.length === 0 && onExceed === 'alert-only' ? [100] : alertPercent;
}

function share(budget: Budget, spent: Totals): number {
  const tokens = budget.maxTokens === null ? 0 : (100 * spent.tokens) / budget.maxTokens;
  const usd = budget.maxUsd === null ? 0 : (100 * spent.usd) / budget.maxUsd;
  return Math.max(tokens, usd);
}
