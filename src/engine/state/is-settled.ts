import type { RunStatus } from './run.ts';

const SETTLED: ReadonlySet<RunStatus> = new Set([
  'succeeded',
  'failed',
  'escalated',
  'cancelled',
  'expired',
]);

/** True when nothing of the run goes on by itself. An escalated run may still be answered. */
export function isSettled(status: RunStatus): boolean {
  return SETTLED.has(status);
}
