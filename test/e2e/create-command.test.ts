import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { useStage } from '#test/support/story/use-stage.ts';

const stage = useStage({
  workflows: { taken: 'name: taken\nsteps: [{id: one, agent: Planner, prompt: "{{ task }}"}]\n' },
});

const GREET = `name: greet
description: Says hello.
steps:
  - {id: hello, agent: Planner, prompt: "Say hello. {{ task }}"}
`;

async function create(login: string, text: string): Promise<string> {
  const { number } = await stage.issue('A new workflow');
  await stage.say(login, number, text);
  const [answer = ''] = await stage.answers(number);
  return answer;
}

const proposals = async (name: string) =>
  (await stage.github.pulls()).filter(({ head }) => head.ref.startsWith(`sluice/create-${name}-`));

describe('/sluice create', () => {
  it('proposes the file of the fenced block, which starts once it is merged', async () => {
    const answer = await create('bob', `/sluice create greet\n\`\`\`yaml\n${GREET}\`\`\``);

    const [pull, ...more] = await proposals('greet');
    expect(more).toEqual([]);
    expect(answer).toContain(`Proposed in #${pull?.number}.`);
    expect(pull).toMatchObject({ draft: false, base: { ref: 'main' }, title: /greet/ });
    const file = await stage.github.fileAt(
      pull?.head.ref ?? '',
      '.github/sluice/workflows/greet.yml',
    );
    expect(file).toBe(GREET);
    expect(await stage.github.fileAt('main', '.github/sluice/workflows/greet.yml')).toBeNull();

    await stage.github.as('maya').merge(pull?.number ?? 0);
    const { number } = await stage.issue('Say hello');
    await stage.github.as('bob').label(number, 'sluice:greet');
    await eventually('the new workflow to end', () =>
      stage.github.labels(number).includes('sluice:done'),
    );
  });

  it('proposes one to start from when there is no block, with which the doctor is content', async () => {
    await create('bob', '/sluice create sort-issues Sort new issues: by area, "size" and #');

    const [pull] = await proposals('sort-issues');
    const file = await stage.github.fileAt(
      pull?.head.ref ?? '',
      '.github/sluice/workflows/sort-issues.yml',
    );
    expect(file).toContain('name: sort-issues\n');
    expect(file).toContain('Sort new issues: by area, "size" and #');
  });

  it('opens one pull request when GitHub loses its answers on the way', async () => {
    for (const path of [/\/git\/refs$/, /\/contents\//, /\/pulls$/])
      stage.github.faults.add({ kind: 'lost-reply', method: /POST|PUT/, path });

    const answer = await create('bob', '/sluice create lossy');

    expect(stage.github.faults.pending).toEqual([]);
    expect(answer).toContain('Proposed in #');
    expect(await proposals('lossy')).toHaveLength(1);
  });

  it('refuses a name that is taken, here, by the app, by a command or by another proposal', async () => {
    await create('bob', '/sluice create proposed');

    expect(await create('bob', '/sluice create proposed')).toMatch(
      /#\d+ proposes `proposed` already/,
    );
    expect(await create('bob', '/sluice create taken')).toContain('has a workflow `taken` already');
    expect(await create('bob', '/sluice create tdd')).toContain('comes with the app');
    expect(await create('bob', '/sluice create cancel')).toContain('a meaning of its own');
    expect(await proposals('proposed')).toHaveLength(1);
    expect(await proposals('t')).toEqual([]);
  });

  it('refuses a file that would not start, with every line that is wrong', async () => {
    const broken = '/sluice create broken\n```\nname: broken\nstepz: []\n```';
    expect(await create('bob', broken)).toMatch(
      /Nothing was proposed: the file for `broken` has 2 problems\.\n\n- line 1.*\n- line 2, column 1: .*`stepz`/,
    );
    const renamed = `/sluice create other\n\`\`\`\n${GREET}\`\`\``;
    expect(await create('bob', renamed)).toContain('Nothing was proposed');
    expect(await proposals('')).not.toContainEqual(
      expect.objectContaining({ title: expect.stringMatching(/broken|other/) }),
    );
  });

  it('is for those who may write', async () => {
    expect(await create('tess', '/sluice create mine')).toContain('needs write access');
    expect(await proposals('mine')).toEqual([]);
  });
});
