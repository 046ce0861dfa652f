import type { Effect } from '../engine/state/event.ts';
import type { Job } from '../queue/jobs.ts';

/** The queued form of an effect. What is to be shown may wait until `showAt`, unless it is null. */
export function jobFor(runId: string, effect: Effect, showAt: string | null): Job {
  switch (effect.type) {
    case 'execute-node':
    case 'stop-node':
      return {
        name: effect.type,
        data: { runId, node: effect.node, visit: effect.visit, attempt: effect.attempt },
      };
    case 'set-timer':
      return { name: 'fire-timer', data: { runId, timer: effect.timer, at: effect.at } };
    case 'hand-over':
      return { name: 'hand-over', data: { runId } };
    case 'publish':
      return {
        name: 'publish-run',
        data: { runId },
        ...(showAt !== null && { startAfter: showAt }),
      };
    case 'settle':
      return { name: 'settle-run', data: { runId } };
  }
}
