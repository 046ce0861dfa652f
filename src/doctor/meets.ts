import { evaluateCriteria } from '../engine/read/criteria.ts';
import type { Json } from '../plan/json.ts';
import type { Criterion } from '../plan/plan.ts';

/** Whether a result meets every one of the criteria, as a gate of a run would judge it. */
export function meets(
  criteria: ReadonlyArray<Pick<Criterion, 'path' | 'op' | 'value'>>,
  data: Json,
): boolean {
  return evaluateCriteria(criteria, data).every(({ passed }) => passed);
}
