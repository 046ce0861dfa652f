import type { StartCommand } from './command.ts';

/** Labels we set ourselves to show a run's state: they start nothing. */
export const STATE_LABELS = [
  'running',
  'waiting',
  'needs-human',
  'done',
  'failed',
  'draft',
  'hold',
] as const;

/** The command a label stands for: `sluice:tdd` starts `tdd`. Null if it is not meant for us. */
export function commandFromLabel(label: string, prefix: string): StartCommand | null {
  const separator = label.indexOf(':');
  if (separator < 0 || !isSame(label.slice(0, separator), prefix)) return null;
  const workflow = label.slice(separator + 1).trim();
  if (!/^[a-z0-9][\w.-]{0,99}$/i.test(workflow)) return null;
  if (STATE_LABELS.some((state) => isSame(state, workflow))) return null;
  return { type: 'start', workflow, task: null, params: {} };
}

function isSame(left: string, right: string): boolean {
  return left.trim().toLowerCase() === right.toLowerCase();
}
