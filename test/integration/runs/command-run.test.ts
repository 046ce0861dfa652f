import { describe, expect, it } from 'vitest';
import { findCommand } from '#src/runs/carry-out-once.ts';
import { commandRun } from '#src/runs/command-run.ts';
import { dropWaiting } from '#src/runs/drop-waiting.ts';
import { listTransitions } from '#src/store/transitions.ts';
import { findWaitingOn, insertWaitingStart } from '#src/store/waiting-starts.ts';
import { agent, aPlan } from '#test/support/engine/plan-builder.ts';
import { AT, useRuns } from './a-stage.ts';

const runs = useRuns();
const PLAN = aPlan({ nodes: [agent('one'), agent('two')] });
const CANCEL = { type: 'run.cancelled', by: 'alice', reason: 'enough' } as const;

describe('a command to a run', () => {
  it('is carried out once, however often it is given', async () => {
    await runs.start(PLAN, { id: 'RONCE' });

    await commandRun(runs.deps, 'RONCE', 'cancel-1', CANCEL);
    const before = await listTransitions(runs.deps.db, 'RONCE');
    const again = await commandRun(runs.deps, 'RONCE', 'cancel-1', CANCEL);

    expect(again).toBeNull();
    expect((await runs.read('RONCE')).status).toBe('cancelled');
    expect(await listTransitions(runs.deps.db, 'RONCE')).toEqual(before);
  });

  it('that is refused leaves the run as it was, and its reason for the next time', async () => {
    await runs.start(PLAN, { id: 'RKEEP' });
    const wish = { type: 'run.resumed', by: 'alice', guidance: null, node: null } as const;

    const refusal = await commandRun(runs.deps, 'RKEEP', 'resume-1', wish);

    expect(refusal).not.toBeNull();
    expect((await runs.read('RKEEP')).status).toBe('running');
    expect(await findCommand(runs.deps.db, 'resume-1')).toMatchObject({ refusal });
  });
});

describe('taking back starts that wait', () => {
  const place = { repositoryId: 9, subjectNumber: 4, workflow: 'feature', login: 'alice' };
  const wait = (key: string, at: string) =>
    runs.deps.db.transaction().execute((trx) =>
      insertWaitingStart(trx, {
        ...place,
        key,
        scope: 'item',
        request: { trigger: { at } },
        at: AT,
      }),
    );
  const drop = (key: string, saidAt?: string) =>
    dropWaiting(
      runs.deps,
      { repositoryId: 9, number: 4 },
      { key, ...(saidAt !== undefined && { saidAt }) },
    );
  const waiting = async () => (await findWaitingOn(runs.deps.db, place)).map(({ key }) => key);

  it('takes back those asked for before the command was said, and no later ones', async () => {
    await wait('early', '2099-11-21T08:00:00.000Z');
    await wait('late', '2099-11-21T10:00:00.000Z');

    const dropped = await drop('cancel-2', '2099-11-21T09:00:00.000Z');

    expect(dropped).toBe(1);
    expect(await waiting()).toEqual(['late']);
    expect(await findCommand(runs.deps.db, 'cancel-2')).not.toBeNull();
  });

  it('takes back all when nobody knows when it was said, and notes nothing when there is none', async () => {
    expect(await drop('cancel-3')).toBe(1);
    expect(await drop('cancel-4')).toBe(0);
    expect(await findCommand(runs.deps.db, 'cancel-4')).toBeNull();
  });
});
