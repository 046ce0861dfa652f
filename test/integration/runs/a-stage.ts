import { afterAll, beforeAll } from 'vitest';
import type { RunContext } from '#src/engine/state/run-context.ts';
import type { Plan } from '#src/plan/plan.ts';
import { closeQueue, openQueue } from '#src/queue/queue.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import { beginNode } from '#src/runs/begin-node.ts';
import type { RunDeps } from '#src/runs/run-deps.ts';
import { startRun } from '#src/runs/start-run.ts';
import { readRun } from '#src/store/runs.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';
import { done } from '#test/support/engine/player.ts';
import { aStart, type RunPatch } from '../store/a-run.ts';

export const AT = '2099-11-21T09:00:00.000Z';

/** A database and a queue of the test file's own, with the shortest ways to a run in some state. */
export function useRuns() {
  let database: TestDatabase;
  let deps: RunDeps;
  beforeAll(async () => {
    database = await openTestDatabase('pglite');
    const queue = await openQueue({ database: database.handle, log: silent });
    deps = { db: database.db, queue, now: () => AT, newRunId: () => 'R' };
  });
  afterAll(async () => {
    await closeQueue(deps.queue);
    await database.remove();
  });

  return {
    get deps(): RunDeps {
      return deps;
    },
    async start(plan: Plan, patch: RunPatch): Promise<RunContext> {
      const { context, startKey } = aStart(patch);
      await startRun(deps, { runId: patch.id, plan, context, params: {}, startKey });
      return context;
    },
    /** The step is taken by a worker and ends well. */
    async finish(runId: string, node: string): Promise<void> {
      const attempt = { node, visit: 1, attempt: 1 };
      await beginNode(deps, { runId, ...attempt, execution: `${runId}-${node}` });
      const result = done();
      await advanceRun(deps, runId, { type: 'node.finished', ...attempt, result, at: AT });
    },
    async read(runId: string) {
      return (await readRun(deps.db, runId)).run;
    },
  };
}
