import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan, StartRules } from '#src/plan/plan.ts';
import { closeQueue, openQueue, type Queue } from '#src/queue/queue.ts';
import { advanceRun } from '#src/runs/advance-run.ts';
import type { RunDeps } from '#src/runs/run-deps.ts';
import { type StartResult, startRun } from '#src/runs/start-run.ts';
import { findWaitingStarts } from '#src/store/waiting-starts.ts';
import {
  DATABASE_KINDS,
  openTestDatabase,
  silent,
  type TestDatabase,
} from '#test/support/database.ts';
import { agent, aPlan } from '#test/support/engine/plan-builder.ts';
import { aStart, type RunPatch } from '../store/a-run.ts';

const AT = '2026-11-21T09:00:00.000Z';
const NO_RULES: StartRules = { skipIf: null, cooldownMs: null, concurrency: null, limits: null };
const ON_GITHUB = { labels: [], search: 'none', openPulls: 0 } as const;

const planWith = (rules: Partial<StartRules>): Plan => {
  const plan = aPlan({ nodes: [agent('one')] });
  return { ...plan, policies: { ...plan.policies, start: { ...NO_RULES, ...rules } } };
};

describe.each(DATABASE_KINDS)('starts at the same moment, on %s', (kind) => {
  let database: TestDatabase;
  let queue: Queue;
  let deps: RunDeps;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    queue = await openQueue({ database: database.handle, log: silent });
    deps = { db: database.db, queue, now: () => AT, newRunId: () => 'R' };
  });
  afterAll(async () => {
    await closeQueue(queue);
    await database.remove();
  });

  const start = (plan: Plan, patch: RunPatch, startKey = `key-${patch.id}`) =>
    startRun(deps, {
      runId: patch.id,
      plan,
      context: aStart(patch).context,
      params: {},
      startKey,
      onGitHub: ON_GITHUB,
      request: { wanted: patch.id },
    });
  const typesOf = (results: readonly StartResult[]) => results.map(({ type }) => type).toSorted();

  it('are counted one after the other, so that no limit is passed', async () => {
    const plan = planWith({ limits: { perUserHour: null, perRepositoryDay: 2 } });

    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((number) => start(plan, { id: `L${number}`, repositoryId: 1 })),
    );

    expect(typesOf(results)).toEqual(['refused', 'refused', 'refused', 'started', 'started']);
  });

  it('share one place when a workflow may run once in the repository', async () => {
    const plan = planWith({ concurrency: { key: 'workflow', whenBusy: 'queue' } });

    const results = await Promise.all(
      [1, 2, 3].map((number) => start(plan, { id: `Q${number}`, repositoryId: 2 })),
    );

    expect(typesOf(results)).toEqual(['started', 'waits', 'waits']);
    expect(await findWaitingStarts(deps.db, 2)).toHaveLength(2);
  });

  it('are one start when they are the same delivery, whatever rule there is', async () => {
    const plan = planWith({
      cooldownMs: 60_000,
      concurrency: { key: 'item', whenBusy: 'replace' },
    });
    const twice = { id: 'S1', repositoryId: 3, subject: 5 };

    const results = await Promise.all([
      start(plan, twice, 'same'),
      start(plan, { ...twice, id: 'S2' }, 'same'),
    ]);

    expect(typesOf(results)).toEqual(['repeated', 'started']);
  });

  it('never wait for a run whose end nobody would notice', async () => {
    const plan = planWith({ concurrency: { key: 'workflow', whenBusy: 'queue' } });
    await start(plan, { id: 'E0', repositoryId: 4 });
    await queue.db.executeSql(`DELETE FROM pgboss.job WHERE name = 'start-waiting'`);

    const [waiting] = await Promise.all([
      start(plan, { id: 'E1', repositoryId: 4 }),
      advanceRun(deps, 'E0', { type: 'run.cancelled', by: 'bob', reason: null, at: AT }),
    ]);

    const { rows } = await queue.db.executeSql(
      `SELECT data FROM pgboss.job WHERE name = 'start-waiting'`,
    );
    expect(rows).toHaveLength(waiting.type === 'waits' ? 1 : 0);
  });
});
