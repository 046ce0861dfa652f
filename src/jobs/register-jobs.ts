import type { Probot } from 'probot';
import { type Queue, scheduleSweep, work } from '../queue/queue.ts';
import { executeNode } from '../steps/execute-node.ts';
import { buryJob } from './dead-job.ts';
import { fireTimer } from './fire-timer.ts';
import { handOver } from './hand-over.ts';
import { handleDelivery } from './handle-delivery.ts';
import type { JobDeps } from './job-deps.ts';
import { postAnswer } from './post-answer.ts';
import { publishRun } from './publish-run.ts';
import { settleRun } from './settle-run.ts';
import { startWaiting } from './start-waiting.ts';
import { SWEEPS, sweep } from './sweep.ts';

export interface Registration {
  readonly queue: Queue;
  readonly probot: Probot;
  /** Number of steps at the same time. */
  readonly stepConcurrency: number;
}

/** Starts doing every kind of job in this process. */
export async function registerJobs(
  deps: JobDeps,
  { queue, probot, stepConcurrency }: Registration,
): Promise<void> {
  work(queue, 'handle-delivery', { concurrency: 4 }, handleDelivery(deps, probot));
  work(queue, 'execute-node', { concurrency: stepConcurrency }, executeNode(deps));
  work(queue, 'publish-run', { concurrency: 8 }, publishRun(deps));
  work(queue, 'post-answer', { concurrency: 2 }, postAnswer(deps));
  work(queue, 'fire-timer', { concurrency: 4 }, fireTimer(deps));
  work(queue, 'settle-run', { concurrency: 4 }, settleRun(deps));
  work(queue, 'hand-over', { concurrency: 1 }, handOver(deps));
  work(queue, 'start-waiting', { concurrency: 2 }, startWaiting(deps));
  work(queue, 'sweep', { concurrency: 1 }, sweep(deps));
  work(queue, 'dead-job', { concurrency: 1 }, buryJob(deps));
  for (const [task, { cron }] of Object.entries(SWEEPS)) {
    if (cron !== null) await scheduleSweep(queue, task, cron);
  }
}
