import type { Effect } from '../engine/event.ts';
import type { Job } from '../queue/jobs.ts';

/** The queued form of an effect. */
export function jobFor(runId: string, effect: Effect): Job {
  switch (effect.type) {
    case 'execute-node':
    case 'stop-node':
      return {
        name: effect.type,
        data: { runId, node: effect.node, visit: effect.visit, attempt: effect.attempt },
      };
    case 'set-timer':
      return { name: 'fire-timer', data: { runId, timer: effect.timer, at: effect.at } };
    case 'publish':
      return { name: 'publish-run', data: { runId } };
    case 'settle':
      return { name: 'settle-run', data: { runId } };
  }
}
