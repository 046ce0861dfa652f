import type { RunStatus } from './run.ts';

const SETTLED: ReadonlySet<RunStatus> = new Set([
  'succeeded',
  'failed',
  'escalated',
  'cancelled',
  'expired',
]);

/** True when the run does nothing more by itself. An escalated run may still be answered. */
export function isSettled(status: RunStatus): boolean {
  return SETTLED.has(status);
}
