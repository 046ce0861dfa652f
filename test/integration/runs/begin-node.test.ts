import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NodeState } from '#src/engine/state/run.ts';
import { closeQueue, openQueue, type Queue } from '#src/queue/queue.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import { beginNode } from '#src/runs/begin-node.ts';
import type { RunDeps } from '#src/runs/run-deps.ts';
import { startRun } from '#src/runs/start-run.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';
import { agent, aPlan } from '#test/support/engine/plan-builder.ts';
import { failed } from '#test/support/engine/player.ts';
import { aStart } from '../store/a-run.ts';

const AT = '2099-11-21T09:00:00.000Z';

let database: TestDatabase;
let queue: Queue;
let deps: RunDeps;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
  queue = await openQueue({ database: database.handle, log: silent });
  deps = { db: database.db, queue, now: () => AT, newRunId: () => 'R' };
});
afterAll(async () => {
  await closeQueue(queue);
  await database.remove();
});

/** A run whose only step has failed once and is tried again. */
async function aRetry(runId: string): Promise<void> {
  const plan = aPlan({ nodes: [agent('one', { retries: 1 })] });
  const { context } = aStart({ id: runId });
  await startRun(deps, { runId, plan, context, params: {}, startKey: runId });
  await begin(runId, 1, 'first');
  const result = failed();
  const ended = {
    type: 'node.finished',
    node: 'one',
    visit: 1,
    attempt: 1,
    result,
    at: AT,
  } as const;
  await advanceRun(deps, runId, ended);
}

async function begin(runId: string, attempt: number, execution: string): Promise<NodeState> {
  const { run } = await beginNode(deps, { runId, node: 'one', visit: 1, attempt, execution });
  return run.frames['']!.nodes['one']!;
}

it('takes no node for a job that is there again after its attempt has ended', async () => {
  await aRetry('RLATE');
  await begin('RLATE', 2, 'second');

  const state = await begin('RLATE', 1, 'first again');

  expect(state).toMatchObject({ execution: 'second', attempt: 2, crashes: 0 });
});

it('takes the node over for the job of this attempt, whose worker has died', async () => {
  await aRetry('RDEAD');
  await begin('RDEAD', 2, 'second');

  const state = await begin('RDEAD', 2, 'second again');

  expect(state).toMatchObject({ execution: 'second again', attempt: 3, crashes: 1 });
});
