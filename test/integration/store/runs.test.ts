import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '#src/engine/state/run.ts';
import { findLatestRun, findLiveRuns, findRunsByBranch, listRuns } from '#src/store/find-runs.ts';
import { findRun, insertRun, lockRun, readRun, saveRun } from '#src/store/runs.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { aStart, insert, NOW } from './a-run.ts';

const LATER = '2026-11-21T10:00:00.000Z';

describe.each(DATABASE_KINDS)('runs on %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(() => database.remove());

  async function change(id: string, patch: Partial<Run>): Promise<void> {
    await database.db.transaction().execute(async (trx) => {
      const { run } = await lockRun(trx, id);
      await saveRun(trx, { ...run, ...patch }, LATER);
    });
  }

  it('reads back what was inserted, with its plan and context', async () => {
    const start = aStart({ id: 'RWHOLE' });

    const inserted = await insert(database.handle, start);

    const { run, plan, context } = start;
    expect(inserted).toBe('inserted');
    expect(await readRun(database.db, 'RWHOLE')).toEqual({ run, plan, context });
  });

  it('keeps every character of what people and agents wrote', async () => {
    const start = aStart({ id: 'RNUL' });
    const task = 'zero \0, half a pair \ud83d, whole 😀, "quotes" \\ and \u2028';

    await insert(database.handle, { ...start, context: { ...start.context, task } });

    expect((await readRun(database.db, 'RNUL')).context.task).toBe(task);
  });

  it('saves the moving part and nothing else', async () => {
    const start = aStart({ id: 'RSAVED' });
    await insert(database.handle, start);

    await change('RSAVED', { status: 'waiting', headSha: 'b'.repeat(40) });

    const saved = await readRun(database.db, 'RSAVED');
    expect(saved.run).toEqual({ ...start.run, status: 'waiting', headSha: 'b'.repeat(40) });
    expect(saved.context).toEqual(start.context);
  });

  it('starts one run for one start key, however often it is asked', async () => {
    await insert(database.handle, aStart({ id: 'RFIRST', startKey: 'delivery-1:0' }));

    const again = await insert(database.handle, aStart({ id: 'RAGAIN', startKey: 'delivery-1:0' }));

    expect(again).toEqual({ conflict: 'delivery', runId: 'RFIRST' });
    expect(await findRun(database.db, 'RAGAIN')).toBeUndefined();
  });

  it('keeps one live run per subject and workflow', async () => {
    await insert(database.handle, aStart({ id: 'RLIVE', subject: 1 }));

    const second = await insert(database.handle, aStart({ id: 'RSECOND', subject: 1 }));
    const other = await insert(
      database.handle,
      aStart({ id: 'ROTHER', subject: 1, workflow: 'tdd' }),
    );

    expect(second).toEqual({ conflict: 'live', runId: 'RLIVE' });
    expect(other).toBe('inserted');
  });

  it('makes room for a new run when the live one settles', async () => {
    await insert(database.handle, aStart({ id: 'RSETTLED', subject: 2 }));
    await change('RSETTLED', { status: 'succeeded', settledAt: LATER });

    const next = await insert(database.handle, aStart({ id: 'RNEXT', subject: 2 }));

    expect(next).toBe('inserted');
  });

  it('does not take up a settled run beside a live one', async () => {
    await insert(database.handle, aStart({ id: 'ROLD', subject: 3 }));
    await change('ROLD', { status: 'failed', settledAt: LATER });
    await insert(database.handle, aStart({ id: 'RNEW', subject: 3 }));

    const resumed = change('ROLD', { status: 'running', settledAt: null });

    await expect(resumed).rejects.toMatchObject({ code: 'live-run-exists' });
    expect((await readRun(database.db, 'ROLD')).run.status).toBe('failed');
  });

  it('lets exactly one of two starts at the same time through', async () => {
    const starts = ['RLEFT', 'RRIGHT'].map((id) =>
      insert(database.handle, aStart({ id, subject: 4 })),
    );

    const [left, right] = await Promise.all(starts);

    const winner = left === 'inserted' ? 'RLEFT' : 'RRIGHT';
    expect([left, right]).toContainEqual('inserted');
    expect([left, right]).toContainEqual({ conflict: 'live', runId: winner });
  });

  it('inserts after all when the start in its way is rolled back', async () => {
    const inWay = database.db.transaction().execute(async (trx) => {
      await insertRun(trx, aStart({ id: 'RUNDONE', subject: 5 }));
      await sleep(100);
      throw new Error('undone');
    });
    const undone = inWay.catch((error: unknown) => error);
    await sleep(20);

    const inserted = await insert(database.handle, aStart({ id: 'RDONE', subject: 5 }));

    expect(await undone).toMatchObject({ message: 'undone' });
    expect(inserted).toBe('inserted');
  });

  it('lets one transaction at a time advance a run', async () => {
    await insert(database.handle, aStart({ id: 'RCOUNT' }));
    const step = () =>
      database.db.transaction().execute(async (trx) => {
        const { run } = await lockRun(trx, 'RCOUNT');
        await sleep(5);
        const counters = { ...run.counters, gates: run.counters.gates + 1 };
        await saveRun(trx, { ...run, counters }, LATER);
      });

    await Promise.all(Array.from({ length: 10 }, step));

    expect((await readRun(database.db, 'RCOUNT')).run.counters.gates).toBe(10);
  });

  it('says that a run does not exist', async () => {
    const reading = readRun(database.db, 'RNONE');

    await expect(reading).rejects.toMatchObject({ code: 'run-not-found' });
  });

  it('refuses to lock a run outside a transaction before the program runs', () => {
    // @ts-expect-error The lock would be gone before the caller could use it.
    const lock = () => lockRun(database.db, 'RWHOLE');

    expect(lock).toBeTypeOf('function');
  });

  it('finds runs by subject, branch, head and state', async () => {
    const repositoryId = 4_242_424_242;
    const at = (hour: number) => `2026-11-20T0${hour}:00:00.000Z`;
    const start = (id: string, hour: number, workflow: string) =>
      aStart({ id, repositoryId, subject: 9, workflow, queuedAt: at(hour), headSha: `${id}-head` });
    await insert(database.handle, start('RA', 1, 'feature'));
    await insert(database.handle, start('RB', 2, 'tdd'));
    await change('RA', { status: 'failed', settledAt: LATER });
    const ids = (runs: { id: string }[]) => runs.map(({ id }) => id);
    const subject = { repositoryId, subjectNumber: 9 };

    expect(ids(await findLiveRuns(database.db, subject))).toEqual(['RB']);
    expect((await findLatestRun(database.db, subject))?.id).toBe('RB');
    expect((await findLatestRun(database.db, subject, 'feature'))?.id).toBe('RA');
    expect(ids(await findRunsByBranch(database.db, repositoryId, 'sluice/9-feature-RA'))).toEqual([
      'RA',
    ]);
    expect(ids(await listRuns(database.db, { repositoryId }))).toEqual(['RB', 'RA']);
    expect(ids(await listRuns(database.db, { repositoryId, status: ['failed'] }))).toEqual(['RA']);
    expect(ids(await listRuns(database.db, { repositoryId, live: true, limit: 1 }))).toEqual([
      'RB',
    ]);
    expect(await findLatestRun(database.db, { repositoryId, subjectNumber: 1 })).toBeUndefined();
  });

  it('summarises a run for lists', async () => {
    await insert(database.handle, aStart({ id: 'RSUM', subject: 6 }));

    const [summary] = await findLiveRuns(database.db, { repositoryId: 77, subjectNumber: 6 });

    expect(summary).toEqual({
      id: 'RSUM',
      installationId: 1,
      repositoryId: 77,
      subjectNumber: 6,
      workflow: 'feature',
      branch: 'sluice/6-feature-RSUM',
      headSha: null,
      status: 'queued',
      live: true,
      queuedAt: NOW,
      settledAt: null,
      updatedAt: NOW,
    });
  });
});
