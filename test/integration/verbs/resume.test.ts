import { describe, expect, it } from 'vitest';
import { nodeAt } from '#src/engine/state/node-at.ts';
import { agent, aPlan, chain } from '#test/support/engine/plan-builder.ts';
import { done, failed } from '#test/support/engine/player.ts';
import { aRun, ask, finish, jobs, stored, useDesk } from '#test/support/verbs/desk.ts';

const desk = useDesk();

const PLAN = aPlan({ nodes: [agent('build')] });
const ASKS_WHEN_FAILED = aPlan({ nodes: [agent('build', { disposition: 'checkpoint' })] });
const RESUME = { type: 'resume', run: null, text: null } as const;
const RETRY = { type: 'retry', step: null } as const;

async function aFailedRun(plan = PLAN, workflow = 'test'): Promise<string> {
  const runId = await aRun(desk, plan, { workflow });
  await finish(desk, runId, 'build', failed());
  return runId;
}

const statusOf = async (runId: string) => (await stored(desk, runId)).run.status;

describe('/resume', () => {
  it('lets a failed run go on, with the words for the steps that run again', async () => {
    const runId = await aFailedRun();

    const performed = await ask(desk, { ...RESUME, text: 'Use the cache.' });

    const { plan, run } = await stored(desk, runId);
    expect(performed).toEqual({ moment: 'admitted' });
    expect(run.status).toBe('running');
    expect(JSON.stringify(nodeAt(plan, run, 'build')?.state)).toContain('Use the cache.');
    expect(await jobs(desk)).toContain('execute-node');
  });

  it('takes the newest of several runs that are over', async () => {
    const older = await aFailedRun(PLAN, 'older');
    desk.now = '2026-11-21T09:10:00.000Z';
    const newer = await aFailedRun(PLAN, 'newer');

    await ask(desk, RESUME);

    expect([await statusOf(older), await statusOf(newer)]).toEqual(['failed', 'running']);
  });

  it('goes on from what somebody has pushed since', async () => {
    const plan = aPlan({ nodes: [agent('plan'), agent('build')], edges: chain('plan', 'build') });
    const runId = await aRun(desk, plan);
    const pushed = 'b'.repeat(40);
    await finish(desk, runId, 'plan', done({ headSha: pushed, commit: pushed }));
    await finish(desk, runId, 'build', failed());
    desk.forge.branches.set((await stored(desk, runId)).context.branch, 'e'.repeat(40));

    await ask(desk, RESUME);

    expect((await stored(desk, runId)).run.headSha).toBe('e'.repeat(40));
  });

  it('is not about a run that failed after it was written', async () => {
    desk.now = '2026-11-21T10:00:00.000Z';
    const runId = await aFailedRun();

    const { moment, answer } = await ask(desk, RESUME, { saidAt: '2026-11-21T09:00:00Z' });

    expect(moment).toBe('not-understood');
    expect(answer).toContain('ended after your comment');
    expect(await statusOf(runId)).toBe('failed');
  });

  it('says which other run of the workflow is live', async () => {
    const over = await aFailedRun();
    const live = await aRun(desk, PLAN);

    const { moment, answer } = await ask(desk, { ...RESUME, run: over });

    expect(moment).toBe('not-understood');
    expect(answer).toContain(`run \`${live}\` of \`test\` is still live here`);
    expect(await statusOf(over)).toBe('failed');
  });

  it('hears from a run that has succeeded that there is nothing to resume', async () => {
    const runId = await aRun(desk, PLAN);
    await finish(desk, runId, 'build');

    const { moment, answer } = await ask(desk, { ...RESUME, run: runId });

    expect(moment).toBe('not-understood');
    expect(answer).toContain('has succeeded');
  });

  it('finds nothing where nothing is over', async () => {
    await aRun(desk, PLAN);

    const { moment, answer } = await ask(desk, RESUME);

    expect(moment).toBe('not-understood');
    expect(answer).toContain('Nothing here that `resume` could be about');
  });

  it('may be said by who started the run, and by nobody else who may only read', async () => {
    const runId = await aRun(desk, PLAN, { starter: 'rita' });
    await finish(desk, runId, 'build', failed());
    desk.forge.people.set('ruth', 'read');

    const other = await ask(desk, RESUME, { by: 'ruth' });
    const starter = await ask(desk, RESUME, { by: 'rita' });

    expect(other.moment).toBe('not-allowed');
    expect(starter).toEqual({ moment: 'admitted' });
  });
});

describe('/retry', () => {
  it('tries one step of a failed run again', async () => {
    const runId = await aFailedRun();

    const performed = await ask(desk, { ...RETRY, step: 'build' });

    expect(performed).toEqual({ moment: 'admitted' });
    expect(await statusOf(runId)).toBe('running');
  });

  it('settles the gate of a failed step that waits for a person', async () => {
    const runId = await aFailedRun(ASKS_WHEN_FAILED);

    const performed = await ask(desk, RETRY);

    const { run } = await stored(desk, runId);
    expect(performed).toEqual({ moment: 'admitted' });
    expect(run.gates[0]?.decision).toMatchObject({ verdict: 'retry', by: 'bob' });
  });

  it('is not about a gate that was asked after it was written', async () => {
    desk.now = '2026-11-21T10:00:00.000Z';
    const runId = await aFailedRun(ASKS_WHEN_FAILED);

    const { moment, answer } = await ask(desk, RETRY, { saidAt: '2026-11-21T09:00:00Z' });

    expect(moment).toBe('not-understood');
    expect(answer).toContain('newer than your comment');
    expect(answer).toContain('/retry build');
    expect((await stored(desk, runId)).run.gates[0]?.status).toBe('open');
  });

  it('of a step that has not failed is refused by the run', async () => {
    const runId = await aFailedRun();

    const { moment, answer } = await ask(desk, { ...RETRY, step: 'other' });

    expect(moment).toBe('not-understood');
    expect(answer).toContain('step "other" has not failed');
    expect(await statusOf(runId)).toBe('failed');
  });

  it('finds nothing where nothing has failed', async () => {
    const { answer } = await ask(desk, RETRY);

    expect(answer).toContain('Nothing here that `retry` could be about');
  });

  it('is refused to somebody who neither started the run nor may write', async () => {
    await aFailedRun(ASKS_WHEN_FAILED);

    const { moment, answer } = await ask(desk, RETRY, { by: 'tess' });

    expect(moment).toBe('not-allowed');
    expect(answer).toContain('retrying a step needs write access');
  });
});
