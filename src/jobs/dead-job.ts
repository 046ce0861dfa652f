import type { JobAttempt } from '../queue/worker.ts';
import { advanceRun } from '../runs/advance-run.ts';
import { failDelivery } from '../store/deliveries.ts';
import type { JobDeps } from './job-deps.ts';

/**
 * A job that failed permanently. A step is reported as failed, so that its run does not wait for
 * ever; a delivery, so that operators see it and can have GitHub send it again.
 */
export function buryJob(deps: JobDeps) {
  return async ({ data }: JobAttempt<'dead-job'>): Promise<void> => {
    deps.log.error({ job: data.name, ...data.data, reason: data.error }, 'a job was given up');
    const at = deps.runs.now();
    if (data.name === 'handle-delivery')
      await failDelivery(deps.runs.db, data.data.guid, { reason: data.error, at });
    if (data.name !== 'execute-node') return;
    const { runId, node, visit, attempt } = data.data;
    await advanceRun(deps.runs, runId, {
      type: 'node.finished',
      node,
      visit,
      attempt,
      at,
      result: {
        status: 'failed',
        failure: {
          class: 'configuration',
          reason: 'gave-up',
          message: data.error,
          retryAfterMs: null,
        },
        usage: { inputTokens: 0, outputTokens: 0, usd: null },
        text: '',
      },
    });
  };
}
