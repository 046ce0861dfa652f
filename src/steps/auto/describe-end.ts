import { formatDuration } from '../../render/text/format.ts';
import type { CommandResult } from './commands.ts';

/** How a command ended, as the end of a sentence about it. */
export function describeEnd(result: CommandResult): string {
  const after = `after ${spent(result.durationMs)}`;
  switch (result.endedBy) {
    case 'exit':
      return `ended with exit code ${result.exitCode} ${after}`;
    case 'timeout':
      return `ran into its time limit and was stopped ${after}`;
    case 'signal':
      return `was killed ${after}`;
    case 'abort':
      return `was stopped ${after}`;
    case 'spawn-error':
      return `could not be started: ${result.stderr.trim()}`;
  }
}

function spent(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)}s` : formatDuration(ms);
}
