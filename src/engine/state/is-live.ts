import type { NodeStatus } from './run.ts';

const LIVE: ReadonlySet<NodeStatus> = new Set([
  'ready',
  'running',
  'awaiting-input',
  'awaiting-approval',
]);

/** True while it is the node's turn: it will start, is working or waits for somebody. */
export function isLive(status: NodeStatus): boolean {
  return LIVE.has(status);
}
