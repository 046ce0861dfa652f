import type { Oracle } from '../../workflow/doctor/oracle.ts';
import { conditionHolds } from '../condition-holds.ts';
import { evaluateCriteria } from '../criteria.ts';
import { outcomeFor } from '../outcome-for.ts';

/** How runs understand conditions, criteria and statuses: the very functions that decide there. */
export const engineOracle: Oracle = {
  holds: conditionHolds,
  passes: (criteria, data) => evaluateCriteria(criteria, data).every(({ passed }) => passed),
  outcomeFor,
};
