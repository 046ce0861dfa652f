import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeQueue, openQueue, type Queue } from '#src/queue/queue.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import type { RunDeps } from '#src/runs/run-deps.ts';
import { startRun } from '#src/runs/start-run.ts';
import { openTestDatabase, silent, type TestDatabase } from '#test/support/database.ts';
import { agent, aPlan, edge } from '#test/support/engine/plan-builder.ts';
import { done } from '#test/support/engine/player.ts';
import { aStart } from '../store/a-run.ts';

/** So late that nothing of it has come due. */
const AT = '2099-11-21T09:00:00.000Z';
const LATER = '2099-11-21T09:00:01.000Z';

let database: TestDatabase;
let queue: Queue;
let deps: RunDeps;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
  queue = await openQueue({ database: database.handle, log: silent });
  deps = { db: database.db, queue, now: () => AT, newRunId: () => 'R', progressDelayMs: 1_000 };
});
afterAll(async () => {
  await closeQueue(queue);
  await database.remove();
});

/** Starts a run of two steps, as if everything it had to show so far had been shown. */
async function aShownRun(runId: string): Promise<void> {
  const plan = aPlan({ nodes: [agent('one'), agent('two')], edges: [edge('one -> two')] });
  const { context } = aStart({ id: runId });
  await startRun(deps, { runId, plan, context, params: {}, startKey: runId });
  await queue.db.executeSql(`DELETE FROM pgboss.job WHERE name = 'publish-run'`);
}

async function finish(runId: string, node: string, headSha: string | null = null): Promise<void> {
  const claim = { node, visit: 1, at: AT } as const;
  const started = { ...claim, type: 'node.started', execution: 'x', snapshot: null } as const;
  await advanceRun(deps, runId, started);
  const result = done({ commit: headSha, headSha });
  await advanceRun(deps, runId, { ...claim, type: 'node.finished', attempt: 1, result });
}

/** When the run is to be shown; `now` is the moment the change was written down. */
async function showings(runId: string): Promise<string[]> {
  const { rows } = await queue.db.executeSql(
    `SELECT start_after, created_on FROM pgboss.job WHERE name = 'publish-run' AND singleton_key = $1`,
    [runId],
  );
  return rows.map(({ start_after: at, created_on: made }) =>
    at.getTime() === made.getTime() ? 'now' : at.toISOString(),
  );
}

it('lets a run that is only further on wait to be shown', async () => {
  await aShownRun('RPROGRESS');

  await finish('RPROGRESS', 'one');

  expect(await showings('RPROGRESS')).toEqual([LATER]);
});

it('shows a new commit at once', async () => {
  await aShownRun('RCOMMIT');

  await finish('RCOMMIT', 'one', 'b'.repeat(40));

  expect(await showings('RCOMMIT')).toEqual(['now']);
});

it('pulls waiting progress forward when the run ends', async () => {
  await aShownRun('RENDS');

  await finish('RENDS', 'one');
  await finish('RENDS', 'two');

  expect(await showings('RENDS')).not.toEqual([LATER]);
});
