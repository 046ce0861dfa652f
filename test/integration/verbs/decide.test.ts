import { describe, expect, it } from 'vitest';
import { nodeAt } from '#src/engine/state/node-at.ts';
import { readOutputs } from '#src/store/outputs.ts';
import { recordReport } from '#src/store/reports.ts';
import { agent, aPlan, aPolicy, approval, chain } from '#test/support/engine/plan-builder.ts';
import { done } from '#test/support/engine/player.ts';
import {
  answers,
  aRun,
  ask,
  decide,
  finish,
  stored,
  tell,
  useDesk,
} from '#test/support/verbs/desk.ts';

const desk = useDesk();

const ONE_GATE = aPlan({ nodes: [approval('ask')] });
/** Its step is approved afterwards, and may be taken back or written anew. */
const REVIEWED = aPlan({
  nodes: [agent('plan', { approval: aPolicy({ revise: { to: 'plan', max: 2 } }) })],
});

async function aReviewedRun(headSha: string | null = null): Promise<string> {
  const runId = await aRun(desk, REVIEWED);
  await finish(desk, runId, 'plan', done({ headSha, commit: headSha }));
  return runId;
}

describe('a decision on the only open gate', () => {
  it('settles it in the name of who decided', async () => {
    const runId = await aRun(desk, ONE_GATE);

    const performed = await ask(desk, decide('approve', { note: 'Fine.' }), { by: 'bob' });

    const { run } = await stored(desk, runId);
    expect(performed).toEqual({ moment: 'done' });
    expect(run.status).toBe('succeeded');
    expect(run.gates[0]?.decision).toMatchObject({
      verdict: 'approve',
      by: 'bob',
      text: 'Fine.',
      channel: 'github',
    });
  });

  it('is shown with a reaction and no words', async () => {
    await aRun(desk, ONE_GATE);

    await tell(desk, decide('approve'));

    expect(desk.forge.written).toEqual([expect.stringMatching(/^react rocket comment \d+$/)]);
    expect(await answers(desk)).toEqual([]);
  });

  it('ends the run when it is denied', async () => {
    const runId = await aRun(desk, ONE_GATE);

    await ask(desk, decide('deny', { text: 'Not now.' }));

    const { run } = await stored(desk, runId);
    expect(run.status).toBe('failed');
    expect(run.gates[0]?.decision).toMatchObject({ verdict: 'deny', text: 'Not now.' });
  });

  it('sends a result back with the words', async () => {
    const runId = await aReviewedRun();

    await ask(desk, decide('revise', { text: 'Shorter.' }));

    const { run } = await stored(desk, runId);
    expect(run.gates[0]?.decision).toMatchObject({ verdict: 'revise', text: 'Shorter.' });
    expect(run.status).toBe('running');
  });

  it('puts the text of an edit in place of the result, with the person as its author', async () => {
    const runId = await aReviewedRun();

    const performed = await ask(desk, decide('edit', { text: 'By hand.' }), { by: 'maya' });

    const [output] = await readOutputs(desk.database.db, runId, [{ node: 'plan', visit: 1 }]);
    expect(performed).toEqual({ moment: 'done' });
    expect(output).toMatchObject({ text: 'By hand.', author: 'maya' });
  });

  it('is carried out once, however often its delivery comes', async () => {
    const runId = await aRun(desk, ONE_GATE);
    const key = 'twice/0';

    const first = await ask(desk, decide('approve'), { key });
    const second = await ask(desk, decide('approve'), { key });

    const { run } = await stored(desk, runId);
    expect([first, second]).toEqual([{ moment: 'done' }, { moment: 'done' }]);
    expect(run.gates).toHaveLength(1);
  });
});

describe('a decision that the run refuses', () => {
  it('is told that somebody else was first', async () => {
    const runId = await aRun(desk, aPlan({ nodes: [approval('ask'), agent('build')] }));
    await ask(desk, decide('approve'), { by: 'maya' });

    const target = { type: 'gate', gate: 'G1', run: runId } as const;
    const performed = await ask(desk, decide('approve', { target }));

    expect(performed).toEqual({
      moment: 'not-understood',
      answer: expect.stringContaining('maya has already decided gate G1'),
    });
  });

  it('names a commit that is not the head', async () => {
    const head = 'b'.repeat(40);
    const runId = await aReviewedRun(head);
    desk.forge.branches.set((await stored(desk, runId)).context.branch, head);

    const performed = await ask(desk, decide('approve', { sha: 'c'.repeat(40) }));

    expect(performed.moment).toBe('not-understood');
    expect(performed.answer).toContain(`is about ${head}`);
  });

  it('was made in a review of a commit that is not the head any more', async () => {
    const head = 'b'.repeat(40);
    const runId = await aReviewedRun(head);
    desk.forge.branches.set((await stored(desk, runId)).context.branch, head);

    const older = await ask(desk, decide('approve'), { saidAbout: 'c'.repeat(40) });
    const same = await ask(desk, decide('approve'), { saidAbout: head });

    expect(older.answer).toContain(`is about ${head}`);
    expect(same).toEqual({ moment: 'done' });
  });

  it('overtakes the news of a push: the gate it is about is void then', async () => {
    const runId = await aReviewedRun('b'.repeat(40));
    desk.forge.branches.set((await stored(desk, runId)).context.branch, 'd'.repeat(40));

    const performed = await ask(desk, decide('approve'));

    const { run } = await stored(desk, runId);
    expect(performed.moment).toBe('not-understood');
    expect(run.headSha).toBe('d'.repeat(40));
    expect(run.gates[0]).toMatchObject({ status: 'void' });
  });
});

describe('a decision that could be about nothing or several things', () => {
  it('is told that there is nothing', async () => {
    const performed = await ask(desk, decide('approve'));

    expect(performed).toEqual({
      moment: 'not-understood',
      answer: expect.stringContaining('Nothing here that `approve` could be about'),
      isRefusal: false,
    });
  });

  it('is told so once a day when nobody knows the person here', async () => {
    await tell(desk, decide('approve'), { by: 'rita' });
    await tell(desk, decide('approve'), { by: 'rita' });

    expect(await answers(desk)).toHaveLength(1);
    expect(desk.forge.written).toHaveLength(2);
  });

  it('is asked which gate is meant, each with its address', async () => {
    const first = await aRun(desk, ONE_GATE, { workflow: 'first' });
    const second = await aRun(desk, ONE_GATE, { workflow: 'second' });
    const url = 'https://github.test/comment/1';
    const posted = { githubId: 1, nodeId: null, url, digest: '', data: null, at: desk.now };
    await recordReport(desk.database.db, { runId: first, kind: 'gate', key: 'G1' }, posted);

    const { moment, answer } = await ask(desk, decide('approve'));

    expect(moment).toBe('not-understood');
    expect(answer).toContain('2 gates are open here');
    expect(answer).toContain(`[gate G1](${url})`);
    expect(answer).toContain(`/approve ${second}/G1`);
    expect((await stored(desk, second)).run.gates[0]?.status).toBe('open');
  });

  it('settles the one that is named, and no other', async () => {
    const first = await aRun(desk, ONE_GATE, { workflow: 'first' });
    const second = await aRun(desk, ONE_GATE, { workflow: 'second' });

    await ask(desk, decide('approve', { target: { type: 'run', run: second } }));

    expect((await stored(desk, first)).run.gates[0]?.status).toBe('open');
    expect((await stored(desk, second)).run.gates[0]?.status).toBe('decided');
  });

  it('is not about a gate that was asked after it was written', async () => {
    desk.now = '2026-11-21T10:00:00.000Z';
    const runId = await aRun(desk, ONE_GATE);

    const late = await ask(desk, decide('approve'), { saidAt: '2026-11-21T09:59:59Z' });
    const sameSecond = await ask(desk, decide('approve'), { saidAt: '2026-11-21T10:00:00Z' });

    expect(late).toMatchObject({ moment: 'not-understood' });
    expect(late.answer).toContain('newer than your comment');
    expect(late.answer).toContain(`${runId}/G1`);
    expect(sameSecond).toEqual({ moment: 'done' });
  });

  it('goes by the time at which the forge has the question, where that is known', async () => {
    const runId = await aRun(desk, ONE_GATE);
    const data = { createdAt: '2026-11-21T09:30:00Z' };
    const posted = { githubId: 1, nodeId: null, url: null, digest: '', data, at: desk.now };
    await recordReport(desk.database.db, { runId, kind: 'gate', key: 'G1' }, posted);

    const early = await ask(desk, decide('approve'), { saidAt: '2026-11-21T09:29:00Z' });

    expect(early.answer).toContain('newer than your comment');
  });
});

describe('who decides', () => {
  const gateFor = (patch: Parameters<typeof aPolicy>[0]) =>
    aPlan({ nodes: [approval('ask', { approval: aPolicy(patch) })] });

  it('is one of the team that the gate names', async () => {
    await aRun(
      desk,
      gateFor({ approvers: { role: 'read', teams: ['core'], users: [], count: 1 } }),
    );
    desk.forge.teams.set('acme/core', ['tess']);

    const other = await ask(desk, decide('approve'), { by: 'bob' });
    const member = await ask(desk, decide('approve'), { by: 'tess' });

    expect(other).toMatchObject({ moment: 'not-allowed', isRefusal: true });
    expect(other.answer).toContain('core');
    expect(member).toEqual({ moment: 'done' });
  });

  it('is nobody when the forge does not tell the members of the team', async () => {
    await aRun(
      desk,
      gateFor({ approvers: { role: 'read', teams: ['core'], users: [], count: 1 } }),
    );
    desk.forge.isTeamMember = async () => {
      throw new Error('no right to read members');
    };

    const performed = await ask(desk, decide('approve'), { by: 'tess' });

    expect(performed.answer).toContain('did not say which rights tess has');
  });

  it('may be the starter only while nobody else could, where the gate says so', async () => {
    const plan = gateFor({ selfApprove: 'if_alone' });
    const runId = await aRun(desk, plan, { starter: 'alice' });

    const among = await ask(desk, decide('approve'), { by: 'alice' });
    for (const login of ['maya', 'bob']) desk.forge.people.set(login, 'read');
    const alone = await ask(desk, decide('approve'), { by: 'alice' });

    expect(among.answer).toContain("asks for somebody else's eyes");
    expect(alone).toEqual({ moment: 'done' });
    expect((await stored(desk, runId)).run.gates[0]?.decision).toMatchObject({ alone: true });
  });

  it('is not the starter when the list of people does not have them', async () => {
    await aRun(desk, gateFor({ selfApprove: 'if_alone' }), { starter: 'alice' });
    desk.forge.listCollaborators = async () => [];

    const performed = await ask(desk, decide('approve'), { by: 'alice' });

    expect(performed.moment).toBe('not-allowed');
  });
});

describe('/revise where no gate takes it', () => {
  const AUTONOMOUS = aPlan({
    nodes: [agent('plan'), approval('ask', { approval: aPolicy({ batch: true }) }), agent('build')],
    edges: chain('plan', 'ask', 'build'),
    policies: { redesign: { to: 'plan' } },
  });

  it('is about the requirements of a run that goes on by itself', async () => {
    const runId = await aRun(desk, AUTONOMOUS);
    await finish(desk, runId, 'plan');
    await ask(desk, decide('approve'));

    const before = await stored(desk, runId);

    const performed = await ask(desk, decide('revise', { text: 'A red one.' }));

    const after = await stored(desk, runId);
    expect(before.run).toMatchObject({ autonomous: true, gates: [{ status: 'decided' }] });
    expect(performed).toEqual({ moment: 'admitted' });
    expect(nodeAt(after.plan, after.run, 'plan')?.state).toMatchObject({ visit: 2 });
  });

  it('asks for the rights of a redesign then', async () => {
    const runId = await aRun(desk, AUTONOMOUS);
    await finish(desk, runId, 'plan');
    await ask(desk, decide('approve'));

    const performed = await ask(desk, decide('revise', { text: 'A red one.' }), { by: 'tess' });

    expect(performed.moment).toBe('not-allowed');
    expect(performed.answer).toContain('changing the requirements needs write access');
  });
});
