import type { JsonObject } from '../../plan/json.ts';
import type { Plan } from '../../plan/plan.ts';
import { overrideExecution } from './override-execution.ts';
import { type ParamProblem, startParams } from './start-params.ts';

export type ReadStart =
  | { readonly ok: true; readonly plan: Plan; readonly params: JsonObject }
  | { readonly ok: false; readonly problems: readonly ParamProblem[] };

/** What a start gives besides its task: overrides change the plan, the rest are its parameters. */
export function readStart(wanted: Plan, given: JsonObject): ReadStart {
  const { plan, params, problems } = overrideExecution(wanted, given);
  const read = startParams(plan.policies.params, params);
  if (read.ok && problems.length === 0) return { ok: true, plan, params: read.params };
  return { ok: false, problems: [...problems, ...(read.ok ? [] : read.problems)] };
}
