import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TransitionRecord } from '#src/engine/state/event.ts';
import { insertCommand } from '#src/store/commands.ts';
import { listOutputVersions, type Output, readOutputs, saveOutput } from '#src/store/outputs.ts';
import { findRunIdsByPullRequest } from '#src/store/pull-request-runs.ts';
import { insertRefusal } from '#src/store/refusals.ts';
import {
  findReport,
  findReportByGithubId,
  forgetReport,
  intendReport,
  listReports,
  markReportGone,
  recordReport,
} from '#src/store/reports.ts';
import { appendTransitions, listTransitions } from '#src/store/transitions.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { aStart, insert, NOW } from './a-run.ts';

const LATER = '2026-11-21T10:00:00.000Z';
const POSTED = { githubId: 9_007_199_254, nodeId: 'IC_1', url: 'https://github.test/c/1' };

describe.each(DATABASE_KINDS)('what is kept beside a run, on %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    await insert(database.handle, aStart({ id: 'RKEPT' }));
  });
  afterAll(() => database.remove());

  function record(patch: Partial<TransitionRecord>): TransitionRecord {
    return {
      at: NOW,
      node: 'plan',
      visit: 1,
      attempt: 1,
      kind: 'node-started',
      reasonCode: null,
      detail: null,
      actor: null,
      ...patch,
    };
  }

  describe('transitions', () => {
    const append = (id: string, records: readonly TransitionRecord[]) =>
      database.db.transaction().execute((trx) => appendTransitions(trx, id, records));

    it('keep the order they were appended in', async () => {
      const first = record({ kind: 'run-started', node: null, visit: null, attempt: null });
      const second = record({ reasonCode: 'retry', detail: 'again', actor: 'alice' });
      const third = record({ kind: 'node-completed' });

      await append('RKEPT', [first, second]);
      await append('RKEPT', [third]);

      const listed = await listTransitions(database.db, 'RKEPT');
      expect(listed).toMatchObject([first, second, third]);
    });

    it('are read in pages', async () => {
      await insert(database.handle, aStart({ id: 'RPAGES' }));
      const records = Array.from({ length: 2_500 }, (_, index) => record({ visit: index }));
      await append('RPAGES', records);

      const page = await listTransitions(database.db, 'RPAGES', { limit: 2_000 });
      const rest = await listTransitions(database.db, 'RPAGES', { after: page.at(-1)?.seq ?? 0 });

      expect([...page, ...rest].map(({ visit }) => visit)).toEqual(
        records.map(({ visit }) => visit),
      );
    });

    it('take text that PostgreSQL itself refuses', async () => {
      await insert(database.handle, aStart({ id: 'RZERO' }));

      await append('RZERO', [record({ detail: 'zero \0 byte' })]);

      const [kept] = await listTransitions(database.db, 'RZERO');
      expect(kept?.detail).toBe('zero \ufffd byte');
    });

    it('need no statement when there are none', async () => {
      await append('RNOBODY', []);

      expect(await listTransitions(database.db, 'RNOBODY')).toEqual([]);
    });
  });

  describe('outputs', () => {
    function output(patch: Partial<Output>): Output {
      return {
        node: 'plan',
        visit: 1,
        version: 1,
        name: 'plan',
        text: 'Do this.',
        data: { steps: ['a'] },
        digest: 'sha256:1',
        size: 8,
        author: null,
        createdAt: NOW,
        ...patch,
      };
    }

    it('are read by node and visit, the newest version of each', async () => {
      const given = output({});
      const edited = output({ version: 2, text: 'Do that.', author: 'alice', createdAt: LATER });
      const second = output({ visit: 2, text: 'Later.', data: null });
      for (const each of [given, edited, second]) await saveOutput(database.db, 'RKEPT', each);

      const read = await readOutputs(database.db, 'RKEPT', [
        { node: 'plan', visit: 1 },
        { node: 'plan', visit: 2 },
        { node: 'nothing', visit: 1 },
      ]);

      expect(read).toEqual([edited, second]);
      expect(await listOutputVersions(database.db, 'RKEPT', { node: 'plan', visit: 1 })).toEqual([
        given,
        edited,
      ]);
      expect(await readOutputs(database.db, 'RKEPT', [])).toEqual([]);
    });

    it('are replaced when the job that saved them runs again', async () => {
      await saveOutput(database.db, 'RKEPT', output({ node: 'code', text: 'first' }));

      await saveOutput(database.db, 'RKEPT', output({ node: 'code', text: 'second' }));

      const [kept] = await readOutputs(database.db, 'RKEPT', [{ node: 'code', visit: 1 }]);
      expect(kept?.text).toBe('second');
    });

    it('keep structured data of every JSON type', async () => {
      for (const [index, data] of [null, true, 1.5, 'text \0', [1, [2]], { a: null }].entries()) {
        await saveOutput(database.db, 'RKEPT', output({ node: 'json', visit: index, data }));

        const [kept] = await readOutputs(database.db, 'RKEPT', [{ node: 'json', visit: index }]);
        expect(kept?.data).toEqual(data);
      }
    });
  });

  describe('reports', () => {
    const key = (kindOf: string) => ({ runId: 'RKEPT', kind: kindOf, key: '' });

    it('are intended once', async () => {
      const first = await intendReport(database.db, key('run-comment'), NOW);
      const second = await intendReport(database.db, key('run-comment'), LATER);

      expect(first).toEqual({ status: 'new' });
      expect(second).toEqual({ status: 'unfinished', intendedAt: NOW });
    });

    it('are known with what was posted once they are recorded', async () => {
      await intendReport(database.db, key('check'), NOW);
      const content = { ...POSTED, digest: 'd1', data: { number: 12 }, at: LATER };

      await recordReport(database.db, key('check'), content);

      const report = {
        ...key('check'),
        ...POSTED,
        state: 'posted',
        digest: 'd1',
        data: { number: 12 },
        intendedAt: NOW,
        postedAt: LATER,
      };
      expect(await intendReport(database.db, key('check'), LATER)).toEqual({
        status: 'posted',
        report,
      });
      expect(await findReportByGithubId(database.db, 'check', POSTED.githubId)).toEqual(report);
      expect(await findReportByGithubId(database.db, 'gate-comment', POSTED.githubId)).toBe(
        undefined,
      );
    });

    it('are edited in place', async () => {
      const content = { ...POSTED, data: null, at: LATER };
      await recordReport(database.db, key('edited'), { ...content, digest: 'd1' });

      await recordReport(database.db, key('edited'), { ...content, digest: 'd2' });

      expect(await findReport(database.db, key('edited'))).toMatchObject({ digest: 'd2' });
    });

    it('are posted anew only after they were forgotten', async () => {
      await intendReport(database.db, key('deleted'), NOW);
      await recordReport(database.db, key('deleted'), {
        ...POSTED,
        digest: null,
        data: null,
        at: NOW,
      });
      await markReportGone(database.db, key('deleted'));

      const gone = await intendReport(database.db, key('deleted'), LATER);
      await forgetReport(database.db, key('deleted'));
      const anew = await intendReport(database.db, key('deleted'), LATER);

      expect(gone).toMatchObject({ status: 'gone' });
      expect(anew).toEqual({ status: 'new' });
    });

    it('are listed for a run in the order they were intended', async () => {
      await insert(database.handle, aStart({ id: 'RLIST' }));
      await intendReport(database.db, { runId: 'RLIST', kind: 'gate', key: 'G2' }, LATER);
      await intendReport(database.db, { runId: 'RLIST', kind: 'gate', key: 'G1' }, NOW);

      const keys = (await listReports(database.db, 'RLIST')).map((report) => report.key);

      expect(keys).toEqual(['G1', 'G2']);
    });

    it('lead from a pull request to its runs', async () => {
      await insert(database.handle, aStart({ id: 'RPULL', repositoryId: 88 }));
      await recordReport(
        database.db,
        { runId: 'RPULL', kind: 'pull-request', key: '' },
        { ...POSTED, digest: null, data: { number: 31 }, at: NOW },
      );

      expect(await findRunIdsByPullRequest(database.db, 88, 31)).toEqual(['RPULL']);
      expect(await findRunIdsByPullRequest(database.db, 88, 32)).toEqual([]);
    });
  });

  it('a person is refused once per thread and day', async () => {
    const refusal = { repositoryId: 1, subjectNumber: 2, login: 'mallory', at: NOW };

    const answers = [
      await insertRefusal(database.db, refusal),
      await insertRefusal(database.db, { ...refusal, login: 'Mallory', at: LATER }),
      await insertRefusal(database.db, { ...refusal, subjectNumber: 3 }),
      await insertRefusal(database.db, { ...refusal, at: '2026-11-22T00:00:00.000Z' }),
    ];

    expect(answers).toEqual([true, false, true, true]);
  });

  it('a command is carried out once', async () => {
    const command = { key: 'delivery-9:0', runId: 'RKEPT', at: NOW };
    const once = () => database.db.transaction().execute((trx) => insertCommand(trx, command));

    expect([await once(), await once()]).toEqual([true, false]);
  });
});
