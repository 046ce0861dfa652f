import { describe, expect, it } from 'vitest';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOn, labelOn } from '#test/support/story/watch.ts';

const FOLDER = '.github/sluice/workflows';

/** Takes the place of the built-in workflow of the same name. */
const OWN_TDD = `
name: tdd
steps:
  - id: only-step
    agent: Friend
    prompt: Ours, not the built-in one
    requires_approval: true
  - id: then
    agent: Friend
    depends_on: [only-step]
    prompt_file: prompts/then.md
personas:
  Friend: {description: Knows this repository, prompt: You are a friend., access: readonly}
`;

const BROKEN = `name: broken
steps:
  - id: look
    agent: Planer
    promt: Look around
  - id: look
    agent: Planner
    prompt: Look again
    depends_on: [nowhere]
`;

const stage = useStage({
  workflows: { tdd: OWN_TDD, broken: BROKEN },
  files: { '.github/sluice/prompts/then.md': 'The first text\n' },
  prompts: [
    {
      match: '(?:^|\n)Ours, not the built-in one',
      steps: [{ text: 'The one of the repository.' }],
    },
    { match: '(?:^|\n)The (first|second) text', steps: [{ text: 'I was told the ${1} text.' }] },
  ],
});

async function label(title: string, workflow: string): Promise<number> {
  const { number } = await stage.issue(title);
  await stage.github.as('bob').label(number, `sluice:${workflow}`);
  return number;
}

describe('a workflow of the repository', () => {
  it('wins over the built-in one of its name, and says where it comes from', async () => {
    const { github } = stage;
    const issue = await label('Ours', 'tdd');

    const gate = await gateOn(github, issue);
    const run = await headlineOn(github, issue, 'only-step needs approval');

    expect(gate.body).toContain('The one of the repository.');
    expect(run.body).toContain(`${FOLDER}/tdd.yml`);
    expect(run.body).toContain((await github.sha('main')).slice(0, 7));
  });

  it('stays for the whole run as it was when the run started', async () => {
    const { github } = stage;
    const issue = await label('Frozen', 'tdd');
    await gateOn(github, issue);

    await github.as('alice').pushCommit('main', {
      [`${FOLDER}/tdd.yml`]: OWN_TDD.replace('id: then', 'id: later'),
      '.github/sluice/prompts/then.md': 'The second text\n',
    });
    await stage.say('bob', issue, '/approve');
    const frozen = await headlineOn(github, issue, 'done');
    const next = await label('Fresh', 'tdd');
    await gateOn(github, next);
    await stage.say('bob', next, '/approve');
    const fresh = await headlineOn(github, next, 'done');

    expect(frozen.body).toContain('I was told the first text.');
    expect(fresh.body).toContain('I was told the second text.');
    expect(fresh.body).toContain('later');
  });
});

describe('a broken workflow of the repository', () => {
  it('starts nothing, is explained line by line in one comment, and works once it is mended', async () => {
    const { github } = stage;
    const issue = await label('Broken', 'broken');

    const [problems, ...others] = await stage.answers(issue);

    expect(others).toEqual([]);
    expect(problems).toContain(`${FOLDER}/broken.yml`);
    expect(problems).toContain('promt');
    expect(problems).toContain('#L5');
    expect(github.labels(issue)).toEqual([]);
    expect(github.reactions({ issue })).toEqual([{ content: 'confused', user: 'sluice[bot]' }]);
    expect(await ownComments(github, issue, 'run')).toEqual([]);

    const mended = 'name: broken\nsteps:\n  - {id: look, agent: Planner, prompt: Look around}\n';
    await github.as('alice').pushCommit('main', { [`${FOLDER}/broken.yml`]: mended });
    await github.as('bob').label(issue, 'sluice:broken');
    await labelOn(github, issue, 'sluice:done');
  });

  it('does not stand in the way of the others', async () => {
    const issue = await label('Another one', 'tdd');

    expect((await gateOn(stage.github, issue)).body).toContain('The one of the repository.');
  });
});

describe('a workflow of the repository that cannot be read', () => {
  it.each([
    ['its own file', `${FOLDER}/code-review.yml`, OWN_TDD.replace('tdd', 'code-review')],
    ['the settings', '.github/sluice/config.yml', '{}\n'],
  ])('is explained, and no built-in one runs in its place: %s', async (_, path, readable) => {
    const { github } = stage;
    const large = `name: code-review\n# ${'x'.repeat(300_000)}\n`;
    await github.as('alice').pushCommit('main', { [path]: large });
    const issue = await label('Too large', 'code-review');

    const [problems, ...others] = await stage.answers(issue);

    expect(others).toEqual([]);
    expect(problems).toContain(path);
    expect(problems).toContain('too large');
    expect(await ownComments(github, issue, 'run')).toEqual([]);
    await github.as('alice').pushCommit('main', { [path]: readable });
  });
});

describe('another file of the repository that cannot be read', () => {
  it.each(['workflow.yaml', 'agentic-layer/gates/after_test.yaml', 'prompts/plan.md'])(
    'keeps the shipped layer from running in place of the own one: %s',
    async (file) => {
      const { github } = stage;
      const path = `.github/sluice/${file}`;
      await github.as('alice').pushCommit('main', { [path]: `# ${'x'.repeat(300_000)}\n` });
      const issue = await label('Too large', 'sdlc');

      const [problems] = await stage.answers(issue);

      expect(problems).toContain(path);
      expect(await ownComments(github, issue, 'run')).toEqual([]);
      await github.as('alice').pushCommit('main', { [path]: null });
    },
  );

  it('is reported by the doctor: a persona', async () => {
    const { github } = stage;
    const path = '.github/sluice/personas/planner.md';
    await github.as('alice').pushCommit('main', { [path]: `# ${'x'.repeat(300_000)}\n` });
    const { number } = await stage.issue('What is wrong?');

    await stage.say('bob', number, '/sluice doctor');

    const [answer] = await stage.answers(number);
    expect(answer).toContain('personas/planner.md');
    expect(answer).toContain('too large');
    await github.as('alice').pushCommit('main', { [path]: null });
  });
});

describe('a label that names no workflow', () => {
  it('is taken off and answered with what may have been meant', async () => {
    const { github } = stage;
    const issue = await label('A typing error', 'code-reveiw');

    const [answer] = await stage.answers(issue);

    expect(answer).toContain('Did you mean `code-review`?');
    expect(github.labels(issue)).toEqual([]);
  });

  it('is not looked for in a pull request, which anybody could change', async () => {
    const { github } = stage;
    const bob = github.as('bob');
    await bob.pushCommit('sneaky', { [`${FOLDER}/sneaky.yml`]: OWN_TDD.replace('tdd', 'sneaky') });
    const pull = await bob.createPull({ title: 'Sneaky', head: 'sneaky', base: 'main' });

    await bob.label(pull.number, 'sluice:sneaky');

    expect(await stage.answers(pull.number)).toEqual([
      expect.stringContaining('no workflow called `sneaky`'),
    ]);
    expect(await ownComments(github, pull.number, 'run')).toEqual([]);
  });
});
