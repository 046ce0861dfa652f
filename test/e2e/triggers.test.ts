import { describe, expect, it } from 'vitest';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { headlineOn, labelOn } from '#test/support/story/watch.ts';

const steps = 'steps: [{id: look, agent: Planner, prompt: Look around, access: readonly}]';

const stage = useStage({
  workflows: {
    release: `name: release\non: {label: {name: ship, by: admin, items: [pr]}}\n${steps}\n`,
    audit: `name: audit\non: {command: {name: check-up, by: triage}}\n${steps}\n`,
    sticky: `name: sticky\non: {label: {consume: false}}\n${steps}\n`,
  },
});

async function pull(): Promise<number> {
  const bob = stage.github.as('bob');
  const branch = `work-${Math.random().toString(36).slice(2)}`;
  await bob.pushCommit(branch, { [`${branch}.txt`]: 'text\n' });
  return (await bob.createPull({ title: 'Work', head: branch, base: 'main' })).number;
}

async function runs(number: number): Promise<number> {
  return (await ownComments(stage.github, number, 'run')).length;
}

describe('a label of its own', () => {
  it('starts the workflow for whoever it asks for', async () => {
    const number = await pull();

    await stage.github.as('alice').label(number, 'sluice:ship');

    expect((await headlineOn(stage.github, number, 'release')).body).toContain('release');
  });

  it('starts nothing for anybody below, and comes off with a word about it', async () => {
    const number = await pull();

    await stage.github.as('bob').label(number, 'sluice:ship');

    expect(await stage.answers(number)).toEqual([
      expect.stringContaining('starting a workflow needs admin access, and bob has write here'),
    ]);
    expect(stage.github.labels(number)).toEqual([]);
    expect(await runs(number)).toBe(0);
  });

  it('starts nothing where it does not count', async () => {
    const { number } = await stage.issue('An issue');

    await stage.github.as('alice').label(number, 'sluice:ship');

    expect(await stage.answers(number)).toEqual(['Not started: it works on pull requests only.']);
    expect(await runs(number)).toBe(0);
  });

  it('is the only one: its own name and a command start nothing, and say what does', async () => {
    const number = await pull();
    const expected = 'Not started like this: `release` is started by the label `sluice:ship`.';

    await stage.github.as('alice').label(number, 'sluice:release');
    await stage.say('alice', number, '/sluice run release');

    expect(await stage.answers(number)).toEqual([expected, expected]);
    expect(await runs(number)).toBe(0);
  });

  it('stays on when it is not to be used up', async () => {
    const { number } = await stage.issue('Again and again');

    await stage.github.as('bob').label(number, 'sluice:sticky');
    await labelOn(stage.github, number, 'sluice:done');

    expect(stage.github.labels(number)).toContain('sluice:sticky');
  });
});

describe('a command of its own', () => {
  it.each(['/sluice run check-up', '/check-up have a look'])(
    'starts the workflow: %s',
    async (text) => {
      const { number } = await stage.issue('Check this');

      const { reaction } = await stage.say('tess', number, text);

      expect(reaction).toBe('eyes');
      await headlineOn(stage.github, number, 'audit');
    },
  );

  it('starts nothing for people without the role', async () => {
    const { number } = await stage.issue('Check this');

    const { reaction } = await stage.say('rita', number, '/sluice run check-up');

    expect(reaction).toBe('-1');
    expect(await runs(number)).toBe(0);
  });

  it('leaves the plain name of a workflow without that command to others', async () => {
    const { number } = await stage.issue('Not for us');

    await stage.github.as('bob').comment(number, '/release now');

    expect(await stage.answers(number)).toEqual([]);
  });
});

describe('the list', () => {
  it('says how each is started that goes by another name', async () => {
    const { number } = await stage.issue('What is there?');

    await stage.say('rita', number, '/sluice list');

    const [list] = await stage.answers(number);
    expect(list).toContain('`sluice:ship`');
    expect(list).toContain('`/sluice run check-up`');
  });
});
