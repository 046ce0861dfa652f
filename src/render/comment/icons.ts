import type { NodeState, RunStatus } from '../../engine/state/run.ts';
import type { PlanNode } from '../../plan/plan.ts';

/** The only icons we use, each with one meaning. */
export const ICONS = {
  idle: '⬜',
  queued: '⏳',
  running: '🔄',
  waiting: '⏸️',
  done: '✅',
  warning: '⚠️',
  skipped: '➖',
  failed: '❌',
  blocked: '⛔',
  cancelled: '🚫',
  expired: '⌛',
} as const;

/** An optional step that failed stops nothing: that is a warning. */
export function iconForNode(node: PlanNode, state: NodeState): string {
  if (state.status === 'completed' && hasWarnings(state)) return ICONS.warning;
  if (state.status === 'failed' && node.disposition === 'optional') return ICONS.warning;
  return NODE_ICONS[state.status];
}

export function hasWarnings(state: NodeState): boolean {
  return (state.result?.warnings.length ?? 0) > 0;
}

const NODE_ICONS: Readonly<Record<NodeState['status'], string>> = {
  idle: ICONS.idle,
  ready: ICONS.queued,
  running: ICONS.running,
  'awaiting-input': ICONS.waiting,
  'awaiting-approval': ICONS.waiting,
  completed: ICONS.done,
  failed: ICONS.failed,
  skipped: ICONS.skipped,
  blocked: ICONS.blocked,
  cancelled: ICONS.cancelled,
};

export const RUN_ICONS: Readonly<Record<RunStatus, string>> = {
  queued: ICONS.queued,
  running: ICONS.running,
  waiting: ICONS.waiting,
  succeeded: ICONS.done,
  failed: ICONS.failed,
  escalated: ICONS.waiting,
  cancelled: ICONS.cancelled,
  expired: ICONS.expired,
};
