import { describe, expect, it } from 'vitest';
import type { Channel } from '#src/engine/state/run.ts';
import type { JsonObject } from '#src/plan/json.ts';
import { findLiveRuns } from '#src/store/find-runs.ts';
import { recordReport } from '#src/store/reports.ts';
import { findWaitingStarts } from '#src/store/waiting-starts.ts';
import { startAgain } from '#src/verbs/start/start-again.ts';
import { agent, aPlan, approval } from '#test/support/engine/plan-builder.ts';
import { failed } from '#test/support/engine/player.ts';
import {
  answers,
  aRun,
  ask,
  decide,
  finish,
  jobs,
  REPOSITORY,
  stored,
  tell,
  useDesk,
} from '#test/support/verbs/desk.ts';

const desk = useDesk();

/** A door that has nothing to do with GitHub: it shows by itself what it is told. */
const CLIENT = { channel: 'client', via: 'client' } as const;

const ASKS_FIRST = `
name: outline
description: Asks before it begins
steps:
  - id: plan
    agent: Planner
    prompt: Plan {{ task }}
    output: plan
    approval: {when: before}
`;
const OUTLINE = { type: 'start', workflow: 'outline', task: 'Plan the cart.', params: {} } as const;
const ONE_GATE = aPlan({ nodes: [approval('ask')] });

async function startOutline(workflow = ASKS_FIRST) {
  desk.forge.files.set('.github/sluice/workflows/outline.yml', workflow);
  const performed = await ask(desk, OUTLINE, CLIENT);
  const subject = { repositoryId: REPOSITORY.id, subjectNumber: desk.number };
  const [live] = await findLiveRuns(desk.database.db, subject);
  return { performed, runId: live?.id ?? '' };
}

describe('a second door', () => {
  it('starts a run, which remembers where it was started', async () => {
    const { performed, runId } = await startOutline();

    const { context, run } = await stored(desk, runId);
    expect(performed).toEqual({ moment: 'admitted' });
    expect(context).toMatchObject({
      origin: 'client',
      task: 'Plan the cart.',
      workflow: 'outline',
    });
    expect(context.trigger).toMatchObject({ via: 'client', login: 'bob' });
    expect(run.starter).toBe('bob');
  });

  it('approves a gate of it, and the decision is kept with the channel', async () => {
    const { runId } = await startOutline();

    const performed = await ask(desk, decide('approve', { note: 'Looks right.' }), CLIENT);

    const { run } = await stored(desk, runId);
    expect(performed).toEqual({ moment: 'done' });
    expect(run.gates.map(({ decision }) => decision)).toEqual([
      {
        verdict: 'approve',
        by: 'bob',
        text: 'Looks right.',
        channel: 'client',
        at: desk.now,
      },
    ]);
    expect(await jobs(desk)).toContain('execute-node');
  });

  it('cancels it', async () => {
    const { runId } = await startOutline();

    const performed = await ask(desk, { type: 'cancel', run: null, reason: 'No need.' }, CLIENT);

    expect(performed).toEqual({ moment: 'done' });
    expect((await stored(desk, runId)).run).toMatchObject({ status: 'cancelled' });
  });

  it('is told what came of a command, and nothing is said or marked on the thread', async () => {
    await startOutline();
    await ask(desk, decide('approve'), CLIENT);
    await ask(desk, { type: 'cancel', run: null, reason: null }, { ...CLIENT, by: 'mallory' });

    expect(desk.forge.written).toEqual([]);
    expect(await answers(desk)).toEqual([]);
  });

  it('is asked who may like every other', async () => {
    const { runId } = await startOutline();

    const performed = await ask(desk, decide('approve'), { ...CLIENT, by: 'rita' });

    expect(performed).toMatchObject({ moment: 'not-allowed', isRefusal: true });
    expect((await stored(desk, runId)).run.gates).toMatchObject([{ status: 'open' }]);
  });
});

describe('a gate of a run that was started elsewhere', () => {
  it.each<[Channel, Channel, string]>([
    ['client', 'github', 'in the client that started it'],
    ['client', 'dashboard', 'in the client that started it'],
    ['dashboard', 'github', 'in the dashboard'],
    ['github', 'client', 'on GitHub'],
    ['github', 'dashboard', 'on GitHub'],
  ])(
    'of a run from %s, is not decided from %s: it is said where',
    async (origin, channel, where) => {
      const runId = await aRun(desk, ONE_GATE, { origin });
      const before = await stored(desk, runId);

      const performed = await ask(desk, decide('approve'), { channel });

      expect(performed).toEqual({
        moment: 'not-understood',
        answer: `Not done: run ${runId} takes decisions ${where}. (\`/sluice status\` shows what is open here.)`,
      });
      expect(await stored(desk, runId)).toEqual(before);
      expect(await ask(desk, decide('approve'), { channel: origin })).toEqual({ moment: 'done' });
    },
  );

  it('is shown by its address when it has one', async () => {
    const runId = await aRun(desk, ONE_GATE, { origin: 'github' });
    const url = 'https://github.test/acme/shop/issues/3#issuecomment-1';
    const posted = { githubId: 1, nodeId: null, url, digest: '', data: null, at: desk.now };
    await recordReport(desk.database.db, { runId, kind: 'gate', key: 'G1' }, posted);

    const { answer } = await ask(desk, decide('deny'), CLIENT);

    expect(answer).toContain(`takes decisions on GitHub, at \`${url}\`.`);
  });

  it('is not settled by a retry either', async () => {
    const plan = aPlan({
      nodes: [agent('build', { disposition: 'checkpoint' })],
    });
    const runId = await aRun(desk, plan, { origin: 'client' });
    await finish(desk, runId, 'build', failed());

    const performed = await ask(desk, { type: 'retry', step: 'build' });

    expect(performed.answer).toContain('takes decisions in the client that started it');
    expect((await stored(desk, runId)).run.gates).toMatchObject([{ status: 'open' }]);
  });

  it('hears nothing of where when the person may not decide it', async () => {
    await aRun(desk, ONE_GATE, { origin: 'client' });

    const { answer } = await ask(desk, decide('approve'), { by: 'rita' });

    expect(answer).toContain('approving needs write access');
  });

  it('does not keep anybody who may from stopping the run', async () => {
    const runId = await aRun(desk, ONE_GATE, { origin: 'client' });

    await tell(desk, { type: 'cancel', run: null, reason: null });

    expect((await stored(desk, runId)).run.status).toBe('cancelled');
    expect(desk.forge.written).toEqual([expect.stringMatching(/^react rocket /)]);
  });
});

describe('a start that has to wait', () => {
  const QUEUES = `${ASKS_FIRST}concurrency: {key: item, when_busy: queue}\n`;
  const waitingHere = async () => {
    const waiting = await findWaitingStarts(desk.database.db, REPOSITORY.id);
    return waiting.at(-1);
  };

  it('remembers where it was asked for', async () => {
    const { runId } = await startOutline(QUEUES);
    const second = await ask(desk, OUTLINE, { channel: 'dashboard', via: 'dashboard' });
    const waiting = await waitingHere();
    await ask(desk, { type: 'cancel', run: runId, reason: null });

    const became = await startAgain(desk.deps, waiting?.request ?? null);

    const subject = { repositoryId: REPOSITORY.id, subjectNumber: desk.number };
    const [live] = await findLiveRuns(desk.database.db, subject);
    expect(second).toMatchObject({ moment: 'admitted', waits: true });
    expect(became).toBe('done');
    expect((await stored(desk, live?.id ?? '')).context.origin).toBe('dashboard');
  });

  it('came by GitHub when an older version wrote it down', async () => {
    const { runId } = await startOutline(QUEUES);
    await ask(desk, OUTLINE, CLIENT);
    const waiting = await waitingHere();
    const { channel, version, ...older } = (waiting?.request ?? {}) as JsonObject;
    await desk.database.db
      .updateTable('waiting_starts')
      .set({ request: JSON.stringify(older) })
      .where('key', '=', waiting?.key ?? '')
      .execute();
    await ask(desk, { type: 'cancel', run: runId, reason: null });

    await startAgain(desk.deps, (await waitingHere())?.request ?? null);

    const subject = { repositoryId: REPOSITORY.id, subjectNumber: desk.number };
    const [live] = await findLiveRuns(desk.database.db, subject);
    expect([channel, version]).toEqual(['client', 2]);
    expect((await stored(desk, live?.id ?? '')).context.origin).toBe('github');
  });
});
