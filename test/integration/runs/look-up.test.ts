import { describe, expect, it } from 'vitest';
import { advanceRun } from '#src/runs/advance-run.ts';
import { readPostedLinks } from '#src/runs/posted-links.ts';
import { keepScorecard, readScorecard } from '#src/runs/scorecards.ts';
import { readThreadRuns } from '#src/runs/thread-runs.ts';
import { intendReport, recordReport } from '#src/store/reports.ts';
import { readRun } from '#src/store/runs.ts';
import { listScorecards } from '#src/store/scorecards.ts';
import { agent, aPlan } from '#test/support/engine/plan-builder.ts';
import { AT, useRuns } from './a-stage.ts';

const runs = useRuns();
const PLAN = aPlan({ nodes: [agent('one')] });

async function post(runId: string, kind: string, key: string, data: object = {}): Promise<void> {
  const name = { runId, kind, key };
  await intendReport(runs.deps.db, name, AT);
  await recordReport(runs.deps.db, name, {
    githubId: 7,
    nodeId: null,
    url: `https://github.test/${runId}/${kind}/${key}`,
    digest: 'd',
    data: { ...data },
    at: AT,
  });
}

describe('the runs of a thread', () => {
  it('are its live ones and its latest, and those whose pull request it is', async () => {
    const thread = { repositoryId: 77, number: 301 };
    await runs.start(PLAN, { id: 'ROVER', subject: 301 });
    await advanceRun(runs.deps, 'ROVER', { type: 'run.cancelled', by: 'a', reason: null, at: AT });
    await runs.start(PLAN, { id: 'RLIVE', subject: 301, workflow: 'tdd' });
    await runs.start(PLAN, { id: 'RELSE', subject: 302 });
    await post('RELSE', 'pull-request', '', { number: 301 });

    const found = await readThreadRuns(runs.deps, thread);

    expect(found.map(({ run }) => run.id).toSorted()).toEqual(['RELSE', 'RLIVE']);
    expect(await readThreadRuns(runs.deps, { ...thread, number: 999 })).toEqual([]);
  });
});

describe('the links of a run', () => {
  it('lead to what was posted, and leave out what was only meant to be', async () => {
    await runs.start(PLAN, { id: 'RLINKS' });
    await post('RLINKS', 'run', '');
    await post('RLINKS', 'gate', 'G1');
    await post('RLINKS', 'pull-request', '', { number: 12, draft: true });
    await intendReport(runs.deps.db, { runId: 'RLINKS', kind: 'gate', key: 'G2' }, AT);

    expect(await readPostedLinks(runs.deps, 'RLINKS')).toEqual({
      runComment: 'https://github.test/RLINKS/run/',
      gates: { G1: 'https://github.test/RLINKS/gate/G1' },
      pullRequest: { number: 12, url: 'https://github.test/RLINKS/pull-request/', draft: true },
    });
  });
});

describe('the scorecard of a run', () => {
  it('is kept once, with what the run took', async () => {
    await runs.start(PLAN, { id: 'RSCORE', workflow: 'scored' });
    await runs.finish('RSCORE', 'one');
    const stored = await readRun(runs.deps.db, 'RSCORE');

    await keepScorecard(runs.deps, stored);
    await keepScorecard(runs.deps, stored);

    const before = { repositoryId: 77, workflow: 'scored', limit: 10, runId: 'another' };
    const kept = await listScorecards(runs.deps.db, before);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject(await readScorecard(runs.deps, stored, AT));
  });
});
