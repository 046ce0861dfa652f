import { describe, expect, it } from 'vitest';
import { findWaitingStarts } from '#src/store/waiting-starts.ts';
import { agent, aPlan } from '#test/support/engine/plan-builder.ts';
import { aRun, ask, REPOSITORY, stored, useDesk } from '#test/support/verbs/desk.ts';

const desk = useDesk();

const PLAN = aPlan({ nodes: [agent('build')] });
const CANCEL = { type: 'cancel', run: null, reason: null } as const;

describe('/cancel', () => {
  it('stops the only live run, with the reason', async () => {
    const runId = await aRun(desk, PLAN);

    const performed = await ask(desk, { ...CANCEL, reason: 'Too dear.' });

    const { run } = await stored(desk, runId);
    expect(performed).toEqual({ moment: 'done' });
    expect(run.status).toBe('cancelled');
    expect(JSON.stringify(run.reason)).toContain('Too dear.');
  });

  it('may be said by who started the run, and may only read by now', async () => {
    await aRun(desk, PLAN, { starter: 'rita' });

    expect(await ask(desk, CANCEL, { by: 'rita' })).toEqual({ moment: 'done' });
  });

  it('is carried out once, however often its delivery comes', async () => {
    await aRun(desk, PLAN);
    const key = 'cancel-twice/0';
    await ask(desk, CANCEL, { key });
    const next = await aRun(desk, PLAN);

    const again = await ask(desk, CANCEL, { key });

    expect(again).toEqual({ moment: 'done' });
    expect((await stored(desk, next)).run.status).toBe('running');
  });

  it('asks which run is meant when several are live', async () => {
    const first = await aRun(desk, PLAN, { workflow: 'first' });
    const second = await aRun(desk, PLAN, { workflow: 'second' });

    const { moment, answer } = await ask(desk, CANCEL);

    expect(moment).toBe('not-understood');
    for (const runId of [first, second]) expect(answer).toContain(`/cancel ${runId}`);
    expect((await stored(desk, first)).run.status).toBe('running');
  });

  it('stops the run that is named, and no other', async () => {
    const first = await aRun(desk, PLAN, { workflow: 'first' });
    const second = await aRun(desk, PLAN, { workflow: 'second' });

    await ask(desk, { ...CANCEL, run: first });

    expect((await stored(desk, first)).run.status).toBe('cancelled');
    expect((await stored(desk, second)).run.status).toBe('running');
  });

  it('is not about a run that was started after it was written', async () => {
    desk.now = '2026-11-21T10:00:00.000Z';
    const runId = await aRun(desk, PLAN);

    const { moment, answer } = await ask(desk, CANCEL, { saidAt: '2026-11-21T09:00:00Z' });

    expect(moment).toBe('not-understood');
    expect(answer).toContain('was started, or taken up again, after your comment');
    expect((await stored(desk, runId)).run.status).toBe('running');
  });

  it('hears from the run that it is over already', async () => {
    const runId = await aRun(desk, PLAN);
    await ask(desk, CANCEL);

    const { moment, answer } = await ask(desk, { ...CANCEL, run: runId });

    expect(moment).toBe('not-understood');
    expect(answer).toMatch(/^Not done: /);
  });

  it('finds nothing where nothing is live, nor a run that is not there', async () => {
    const nothing = await ask(desk, CANCEL);
    const unknown = await ask(desk, { ...CANCEL, run: 'R9999999' });

    for (const performed of [nothing, unknown])
      expect(performed).toEqual({
        moment: 'not-understood',
        answer: expect.stringContaining('Nothing here that `cancel` could be about'),
      });
  });
});

describe('/cancel where a start waits', () => {
  const QUEUES = `
name: queues
description: Waits for its turn
steps:
  - {id: plan, agent: Planner, prompt: Plan it, output: plan}
concurrency: {key: workflow, when_busy: queue}
`;
  const START = { type: 'start', workflow: 'queues', task: 'Do it.', params: {} } as const;

  it('takes the start back when no run is live', async () => {
    desk.forge.files.set('.github/sluice/workflows/queues.yml', QUEUES);
    const item = desk.forge.items.get(desk.number);
    await ask(desk, START);
    const here = desk.number;
    desk.number = here + 1_000;
    if (item !== undefined) desk.forge.items.set(desk.number, item);
    const waits = await ask(desk, START);

    const performed = await ask(desk, CANCEL);

    expect(waits).toMatchObject({ moment: 'admitted', waits: true });
    expect(performed).toEqual({ moment: 'done' });
    expect(await findWaitingStarts(desk.database.db, REPOSITORY.id)).toEqual([]);
  });

  it('does not for somebody who may not', async () => {
    const performed = await ask(desk, CANCEL, { by: 'tess' });

    expect(performed.answer).toContain('cancelling a run needs write access');
  });
});
