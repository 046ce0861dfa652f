import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listScorecards, type RunScorecard, upsertScorecard } from '#src/store/scorecards.ts';
import { aStart, insert, NOW } from '#test/integration/store/a-run.ts';
import { openTestDatabase, type TestDatabase } from '#test/support/database.ts';

const CARD: Omit<RunScorecard, 'runId'> = {
  repositoryId: 77,
  workflow: 'feature',
  score: 0.9,
  tokens: 5_000_000_000,
  usd: null,
  workMs: 1_234.5,
  retries: 1,
  settledAt: NOW,
};

describe.each(['pglite', 'postgres'] as const)('scorecards on %s', (dialect) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase(dialect);
  });
  afterAll(() => database.remove());

  async function keep(runId: string, patch: Partial<RunScorecard> = {}): Promise<void> {
    const { workflow = 'feature', repositoryId = 77 } = patch;
    await insert(database.handle, aStart({ id: runId, workflow, repositoryId }));
    await upsertScorecard(database.db, { ...CARD, runId, ...patch });
  }

  const latest = (limit: number, runId = 'none') =>
    listScorecards(database.db, { runId, repositoryId: 77, workflow: 'feature', limit });

  it('are those of the workflow in the repository, newest first, without the run that asks', async () => {
    await keep('old', { settledAt: '2026-11-01T00:00:00.000Z', score: 0.5 });
    await keep('new', { settledAt: '2026-11-03T00:00:00.000Z', score: 0.7, usd: 0.25 });
    await keep('middle', { settledAt: '2026-11-02T00:00:00.000Z', score: 0.6 });
    await keep('elsewhere', { repositoryId: 78 });
    await keep('other', { workflow: 'tdd' });

    expect((await latest(2)).map(({ score }) => score)).toEqual([0.7, 0.6]);
    expect((await latest(9, 'new')).map(({ score }) => score)).toEqual([0.6, 0.5]);
    expect((await latest(1))[0]).toEqual({
      score: 0.7,
      tokens: 5_000_000_000,
      usd: 0.25,
      workMs: 1_235,
      retries: 1,
    });
  });

  it('are replaced when a run settles again', async () => {
    const again = { settledAt: '2026-11-04T00:00:00.000Z', score: 0.1 };
    await upsertScorecard(database.db, { ...CARD, runId: 'old', ...again });

    expect((await latest(9)).map(({ score }) => score)).toEqual([0.1, 0.7, 0.6]);
  });
});
