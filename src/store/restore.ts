import type { Run } from '../engine/state/run.ts';
import type { RunContext } from '../engine/state/run-context.ts';
import { upgradeRun } from '../engine/state/upgrade-run.ts';
import { isObject, type Json } from '../plan/json.ts';
import type { Plan } from '../plan/plan.ts';
import { type Upgrade, upgradeStored, versionOf } from '../plan/upgrade.ts';

/** Turns stored state back into state, whatever version of the program wrote it. */

export function restoreRun(text: string): Run {
  return upgradeRun(JSON.parse(text));
}

/** All runs of the plan share it, so it stays stored as it was. */
export function restorePlan(text: string): Plan {
  const plan: Plan = JSON.parse(text);
  versionOf(`The plan of ${plan.name}`, plan, 1);
  return plan;
}

/** It has had one shape so far, and no number. */
export function restoreContext(text: string): RunContext {
  const context: RunContext = JSON.parse(text);
  versionOf(`What run ${context.branch} is about`, context, 1);
  return context;
}

/** One row per version of a waiting start, oldest first: at first GitHub was the only channel. */
const REQUEST_UPGRADES: readonly Upgrade[] = [(request) => ({ channel: 'github', ...request })];

/** A waiting start, as stored by `keptRequest`. */
export function restoreRequest(text: string): Json {
  const request: Json = JSON.parse(text);
  if (!isObject(request)) return request;
  return upgradeStored('A start that waits', request, REQUEST_UPGRADES);
}

/** The same, to be stored. */
export function textOfRequest(request: Json): string {
  const version = REQUEST_UPGRADES.length + 1;
  return JSON.stringify(isObject(request) ? { ...request, version } : request);
}

/** How a comment was understood. */
export function restoreReading(text: string): unknown {
  const reading: Json = JSON.parse(text);
  if (isObject(reading)) versionOf('The reading of a comment', reading, 1);
  return reading;
}
