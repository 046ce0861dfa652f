import type { Job, NodeAttempt } from '#src/queue/jobs.ts';
import { closeQueue, enqueueAll, openQueue, type Queue } from '#src/queue/queue.ts';
import type { DatabaseHandle } from '#src/store/database.ts';
import { silent } from '#test/support/database.ts';

export interface TestQueue {
  readonly queue: Queue;
  /** Queues the jobs in a transaction of their own. */
  add(...jobs: readonly Job[]): Promise<void>;
  close(): Promise<void>;
}

export async function openTestQueue(database: DatabaseHandle): Promise<TestQueue> {
  const queue = await openQueue({ database, log: silent });
  return {
    queue,
    add: (...jobs) => database.db.transaction().execute((trx) => enqueueAll(queue, trx, jobs)),
    close: () => closeQueue(queue),
  };
}

export function attemptAt(node: string, runId = 'RTEST'): NodeAttempt {
  return { runId, node, visit: 1, attempt: 1 };
}

export function executeNode(node: string, runId?: string): Job {
  return { name: 'execute-node', data: attemptAt(node, runId) };
}

/** What is left in the queue, by name and state. */
export async function leftOver(queue: Queue): Promise<string[]> {
  const { rows } = await queue.db.executeSql(
    `SELECT name || ' ' || state AS job FROM pgboss.job WHERE name NOT LIKE '\\_\\_%' ORDER BY 1`,
  );
  return rows.map((row) => row.job);
}
