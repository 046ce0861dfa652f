import { describe, expect, it } from 'vitest';
import { nodeAt } from '#src/engine/state/node-at.ts';
import { agent, aPlan, chain } from '#test/support/engine/plan-builder.ts';
import { aRun, ask, finish, stored, useDesk } from '#test/support/verbs/desk.ts';

const desk = useDesk();

const PLAN = aPlan({
  nodes: [agent('plan'), agent('polish', { disposition: 'optional' }), agent('build')],
  edges: chain('plan', 'polish', 'build'),
  policies: { redesign: { to: 'plan' } },
});
const SKIP = { type: 'skip', step: 'polish' } as const;
const REDESIGN = { type: 'redesign', run: null, text: 'A red one.' } as const;

const stateOf = async (runId: string, node: string) => {
  const { plan, run } = await stored(desk, runId);
  return nodeAt(plan, run, node)?.state;
};

describe('/skip', () => {
  it('leaves an optional step out', async () => {
    const runId = await aRun(desk, PLAN);
    await finish(desk, runId, 'plan');

    const performed = await ask(desk, SKIP);

    expect(performed).toEqual({ moment: 'done' });
    expect(await stateOf(runId, 'polish')).toMatchObject({ status: 'skipped' });
  });

  it('is refused by the run for a step that is not optional', async () => {
    const runId = await aRun(desk, PLAN);

    const { moment, answer } = await ask(desk, { ...SKIP, step: 'plan' });

    expect(moment).toBe('not-understood');
    expect(answer).toMatch(/^Not done: /);
    expect((await stateOf(runId, 'plan'))?.status).not.toBe('skipped');
  });

  it('is not about a run that was started after it was written', async () => {
    desk.now = '2026-11-21T10:00:00.000Z';
    await aRun(desk, PLAN);

    const { answer } = await ask(desk, SKIP, { saidAt: '2026-11-21T09:00:00Z' });

    expect(answer).toContain('Nothing here that `skip` could be about');
  });

  it('takes more than having started the run', async () => {
    await aRun(desk, PLAN, { starter: 'rita' });

    const performed = await ask(desk, SKIP, { by: 'rita' });

    expect(performed).toMatchObject({ moment: 'not-allowed', isRefusal: true });
  });
});

describe('/redesign', () => {
  it('stops what runs and begins again with the words', async () => {
    const runId = await aRun(desk, PLAN);
    await finish(desk, runId, 'plan');

    const performed = await ask(desk, REDESIGN);

    expect(performed).toEqual({ moment: 'admitted' });
    expect(await stateOf(runId, 'plan')).toMatchObject({ visit: 2 });
    expect(JSON.stringify(await stateOf(runId, 'plan'))).toContain('A red one.');
  });

  it('asks which run is meant when several take requirements', async () => {
    const first = await aRun(desk, PLAN, { workflow: 'first' });
    const second = await aRun(desk, PLAN, { workflow: 'second' });

    const { moment, answer } = await ask(desk, REDESIGN);

    expect(moment).toBe('not-understood');
    for (const runId of [first, second]) expect(answer).toContain(`/redesign ${runId}`);
  });

  it('leaves out runs whose workflow names no step to go back to', async () => {
    const fixed = await aRun(desk, aPlan({ nodes: [agent('plan')] }), { workflow: 'fixed' });
    const open = await aRun(desk, PLAN, { workflow: 'open' });

    const performed = await ask(desk, REDESIGN);

    expect(performed).toEqual({ moment: 'admitted' });
    expect((await stateOf(fixed, 'plan'))?.visit).toBe(1);
    expect(JSON.stringify(await stateOf(open, 'plan'))).toContain('A red one.');
  });

  it('is not about a run that was started after it was written', async () => {
    desk.now = '2026-11-21T10:00:00.000Z';
    await aRun(desk, PLAN);

    const { answer } = await ask(desk, REDESIGN, { saidAt: '2026-11-21T09:00:00Z' });

    expect(answer).toContain('was started, or taken up again, after your comment');
  });

  it('finds nothing where nothing takes requirements', async () => {
    const { answer } = await ask(desk, REDESIGN);

    expect(answer).toContain('Nothing here that `redesign` could be about');
  });
});
