import { conditionHolds } from '../../engine/read/condition-holds.ts';
import { evaluateCriteria } from '../../engine/read/criteria.ts';
import { outcomeFor } from '../../engine/read/outcome-for.ts';
import type { Oracle } from '../oracle.ts';

/** How runs understand conditions, criteria and statuses: the very functions that decide there. */
export const engineOracle: Oracle = {
  holds: conditionHolds,
  passes: (criteria, data) => evaluateCriteria(criteria, data).every(({ passed }) => passed),
  outcomeFor,
};
