import { findLastTime } from '../store/last-transition.ts';
import type { ReadDeps } from './run-deps.ts';

/** When somebody last resumed a run that was over; null if nobody did. */
export function readResumedAt({ db }: ReadDeps, runId: string): Promise<string | null> {
  return findLastTime(db, runId, 'run-resumed');
}
