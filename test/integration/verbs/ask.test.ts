import { describe, expect, it } from 'vitest';
import { saveOutput } from '#src/store/outputs.ts';
import { agent, aPlan, approval } from '#test/support/engine/plan-builder.ts';
import { answers, aRun, ask, kept, tell, useDesk } from '#test/support/verbs/desk.ts';

const desk = useDesk();

const OUTLINE = `
name: outline
description: Plans a change
steps:
  - {id: plan, agent: Planner, prompt: 'Plan {{ task }}', output: plan}
`;

function withWorkflow(text = OUTLINE, name = 'outline'): void {
  desk.forge.files.set(`.github/sluice/workflows/${name}.yml`, text);
}

describe('/list, /help and /status', () => {
  it('show the workflows of the repository beside the built-in ones', async () => {
    withWorkflow();

    const { moment, answer } = await ask(desk, { type: 'list' }, { by: 'rita' });

    expect(moment).toBe('nothing-to-do');
    expect(answer).toContain('Plans a change');
    expect(answer).toContain('`feature`');
  });

  it('show the commands, to everybody', async () => {
    const { moment, answer } = await ask(desk, { type: 'help', topic: null }, { by: 'mallory' });

    expect(moment).toBe('nothing-to-do');
    expect(answer).toContain('/approve');
  });

  it('show what runs here and what it waits for', async () => {
    const runId = await aRun(desk, aPlan({ nodes: [approval('ask')] }));

    const { answer } = await ask(desk, { type: 'status' }, { by: 'rita' });

    expect(answer).toContain(runId);
    expect(answer).toContain('G1');
  });

  it('are answered five times an hour to somebody without a part here, and then refused', async () => {
    desk.forge.people.set('ruth', 'read');
    const asked = [];
    for (let times = 0; times < 6; times += 1)
      asked.push(await ask(desk, { type: 'help', topic: null }, { by: 'ruth' }));

    expect(asked.map(({ moment }) => moment)).toEqual([
      ...Array.from({ length: 5 }, () => 'nothing-to-do'),
      'not-understood',
    ]);
    expect(asked.at(-1)).toMatchObject({ isRefusal: true });
  });

  it('are answered as often as they like to those who work here', async () => {
    const asked = [];
    for (let times = 0; times < 7; times += 1)
      asked.push(await ask(desk, { type: 'help', topic: null }, { by: 'tess' }));

    expect(new Set(asked.map(({ moment }) => moment))).toEqual(new Set(['nothing-to-do']));
  });
});

describe('/output', () => {
  const OUTPUT = { type: 'output', step: 'plan', run: null, from: 1 } as const;
  const PLAN = aPlan({ nodes: [agent('plan')] });

  async function aRunWithOutput(): Promise<string> {
    const runId = await aRun(desk, PLAN);
    await desk.database.db.transaction().execute((trx) =>
      saveOutput(trx, runId, {
        node: 'plan',
        visit: 1,
        version: 1,
        name: 'plan',
        text: 'First the cart, then the till.',
        data: null,
        digest: 'sha256:1',
        size: 30,
        author: 'agent',
        createdAt: desk.now,
      }),
    );
    return runId;
  }

  it('shows the whole of what a step has answered', async () => {
    await aRunWithOutput();

    const { moment, answer } = await ask(desk, OUTPUT);

    expect(moment).toBe('nothing-to-do');
    expect([answer].flat().join('\n')).toContain('First the cart, then the till.');
  });

  it('says so when the step has answered nothing yet, or is not there', async () => {
    await aRun(desk, PLAN);

    const early = await ask(desk, OUTPUT);
    const unknown = await ask(desk, { ...OUTPUT, step: 'other' });

    expect([early.moment, unknown.moment]).toEqual(['not-understood', 'not-understood']);
    expect(unknown.answer).toContain('Nothing here that `other` could be about');
  });

  it('looks at the run that is named, and at no other', async () => {
    await aRunWithOutput();

    const { answer } = await ask(desk, { ...OUTPUT, run: 'R9999999' });

    expect(answer).toContain('Nothing here that `plan` could be about');
  });

  it('is for those who have a part here', async () => {
    await aRunWithOutput();

    expect((await ask(desk, OUTPUT, { by: 'rita' })).moment).toBe('not-allowed');
  });
});

describe('/plan', () => {
  const PLAN = { type: 'plan', workflow: 'outline', task: null, params: {} } as const;

  it('shows what a start would do, and starts nothing', async () => {
    withWorkflow();
    const before = await kept(desk);

    const { moment, answer } = await ask(desk, PLAN, { by: 'tess' });

    expect(moment).toBe('nothing-to-do');
    expect([answer].flat().join('\n')).toContain('Broken cart');
    expect(await kept(desk)).toBe(before);
  });

  it.each<[string, () => void, string]>([
    ['there is no such workflow', () => undefined, 'no workflow called `outline`'],
    ['its file is broken', () => withWorkflow('name: outline\nsteps: 3\n'), 'outline'],
  ])('says so when %s', async (_, arrange, answer) => {
    arrange();

    const performed = await ask(desk, PLAN);

    expect(performed).toMatchObject({ moment: 'not-understood' });
    expect(performed.answer).toContain(answer);
  });
});

describe('/doctor', () => {
  const DOCTOR = { type: 'doctor', workflow: null } as const;

  it('tells what is wrong with the files of the default branch', async () => {
    withWorkflow('name: outline\nsteps: 3\n');

    const { moment, answer } = await ask(desk, DOCTOR);

    expect(moment).toBe('nothing-to-do');
    expect([answer].flat().join('\n')).toContain('.github/sluice/workflows/outline.yml');
  });

  it('says so when there is nothing of the repository to examine', async () => {
    const none = await ask(desk, DOCTOR);
    withWorkflow();
    const shipped = await ask(desk, { ...DOCTOR, workflow: 'feature' });

    expect(none.answer).toContain('no workflows of its own');
    expect(shipped.answer).toContain('comes with the app');
  });
});

describe('/create', () => {
  const CREATE = { type: 'create', name: 'sort', file: null, about: 'Sorts issues' } as const;

  it('proposes a file in a pull request, once', async () => {
    const key = 'create/0';

    const first = await ask(desk, CREATE, { key });
    const second = await ask(desk, CREATE, { key });

    expect(first).toEqual({ moment: 'done', answer: expect.stringContaining('#1000') });
    expect(second).toEqual(first);
    expect(desk.forge.written).toEqual(['propose .github/sluice/workflows/sort.yml']);
  });

  it('says so when the same is proposed already', async () => {
    await ask(desk, CREATE);

    const { moment, answer } = await ask(desk, CREATE);

    expect(moment).toBe('not-understood');
    expect(answer).toContain('#1000 proposes `sort` already');
  });

  it.each([
    ['feature', 'comes with the app'],
    ['approve', 'a word with a meaning of its own'],
    ['outline', 'has a workflow `outline` already'],
  ])('does not take the name %s', async (name, answer) => {
    withWorkflow();

    const performed = await ask(desk, { ...CREATE, name });

    expect(performed).toMatchObject({ moment: 'not-understood' });
    expect(performed.answer).toContain(answer);
    expect(desk.forge.written).toEqual([]);
  });

  it('does not propose a file that would not run', async () => {
    const performed = await ask(desk, { ...CREATE, about: null, file: 'name: sort\nsteps: 3' });

    expect(performed.moment).toBe('not-understood');
    expect(desk.forge.written).toEqual([]);
  });
});

describe('an answer', () => {
  it('is said on the thread, after a reaction on the words that asked', async () => {
    await tell(desk, { type: 'help', topic: null });

    expect(desk.forge.written).toEqual([expect.stringMatching(/^react \+1 comment \d+$/)]);
    expect(await answers(desk)).toEqual([expect.stringContaining('/approve')]);
  });

  it('to a button has no reaction: nothing is there to react to', async () => {
    await tell(desk, { type: 'status' }, { via: 'button' });

    expect(desk.forge.written).toEqual([]);
    expect(await answers(desk)).toHaveLength(1);
  });
});
