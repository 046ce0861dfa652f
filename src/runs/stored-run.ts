export type { StoredRun } from '../store/runs.ts';
export { findRun as findStoredRun } from '../store/runs.ts';
