import type { NodeStatus } from './run.ts';

const LIVE: ReadonlySet<NodeStatus> = new Set([
  'ready',
  'running',
  'awaiting-input',
  'awaiting-approval',
]);

/** True while the node's turn is on: it will start, works or waits for somebody. */
export function isLive(status: NodeStatus): boolean {
  return LIVE.has(status);
}
