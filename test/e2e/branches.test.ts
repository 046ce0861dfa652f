import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { headlineOn, labelOn, newestCheck, ownPulls } from '#test/support/story/watch.ts';

const ROGUE = `
name: rogue
steps:
  - id: work
    agent: Engineer
    access: full
    prompt: Work on something else
`;

const PIPELINE = `
name: pipeline
steps:
  - id: sketch
    agent: Engineer
    prompt: Sketch it
  - id: change
    agent: Engineer
    depends_on: [sketch]
    prompt: Change the pipeline
  - id: tell
    agent: Planner
    depends_on: [change]
    prompt: Tell about it
`;

const ROGUE_COMMANDS = [
  'git checkout -q main || git checkout -q -b main',
  'echo rogue > rogue.txt && git add -A && git commit -q -m rogue',
  'git push -q origin HEAD:main',
  'git push -q "$(git config remote.origin.url)" HEAD:refs/heads/main',
  'git update-ref refs/heads/main HEAD',
  'git config core.hooksPath /tmp && git config user.name mallory',
];

const stage = useStage({
  workflows: { rogue: ROGUE, pipeline: PIPELINE },
  files: { '.github/workflows/ci.yml': 'on: push\njobs: {}\n' },
  agent: { stubborn: true },
  prompts: [
    {
      match: '(?:^|\n)Work on something else',
      steps: [
        ...ROGUE_COMMANDS.map((shell) => ({ shell })),
        { write: { path: 'honest.txt', content: 'honest\n' } },
        { text: 'I did what I was told.' },
      ],
    },
    {
      match: '(?:^|\n)Sketch it',
      steps: [{ write: { path: 'sketch.txt', content: 's\n' } }, { text: 'Sketched.' }],
    },
    {
      match: '(?:^|\n)Change the pipeline.*leave the pipeline alone',
      steps: [{ write: { path: 'other.txt', content: 'o\n' } }, { text: 'Changed it elsewhere.' }],
    },
    {
      match: '(?:^|\n)Change the pipeline',
      steps: [
        { write: { path: '.github/workflows/ci.yml', content: 'on: push\njobs: {all: {}}\n' } },
        { text: 'Changed the pipeline.' },
      ],
    },
  ],
});

describe('the default branch', () => {
  it('stays as it is, whatever an agent with full access does to the repository', async () => {
    const { github } = stage;
    const before = await github.sha('main');
    const { number } = await stage.issue('Be a rogue');

    await github.as('bob').label(number, 'sluice:rogue');

    await eventually('an end', () =>
      ['sluice:done', 'sluice:failed'].some((label) => github.labels(number).includes(label)),
    );
    expect(await github.sha('main')).toBe(before);
    expect(github.branches().every((name) => /^(main$|sluice\/)/.test(name))).toBe(true);
    const pushes = github.requests.filter(({ path }) => path.endsWith('/git-receive-pack'));
    expect(pushes.every(({ who }) => who === 'sluice[bot]')).toBe(true);
  });

  it('is untouched by the next run on the same machine', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Be honest after a rogue');

    await github.as('bob').comment(number, '/sluice run pipeline');

    const pull = await eventually(
      'a pull request',
      async () => (await ownPulls(github, number))[0],
    );
    const commits = await github.commits(pull.head.ref);
    expect(commits.map(({ message }) => message.split('\n')[0])).toEqual(
      expect.not.arrayContaining(['rogue']),
    );
    expect(await github.fileAt(pull.head.ref, 'rogue.txt')).toBeNull();
  });
});

describe('a step that changes what GitHub runs', () => {
  it('fails with the reason and the ways on, and can be resumed with advice', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Change the pipeline');

    await github.as('bob').label(number, 'sluice:pipeline');

    await headlineOn(github, number, 'failed at change');
    const end = await eventually('the end comment', async () => {
      const [comment] = await ownComments(github, number, 'end');
      return comment;
    });
    expect(end.body).toContain('.github/workflows');
    expect(end.body).toContain('/sluice resume');
    const [pull] = await ownPulls(github, number);
    const ref = pull?.head.ref ?? '';
    expect(await github.fileAt(ref, '.github/workflows/ci.yml')).toBe('on: push\njobs: {}\n');
    await eventually('a failed check', async () => {
      return (await newestCheck(github, ref))?.conclusion === 'failure';
    });

    await stage.say('bob', number, '/resume leave the pipeline alone');
    await labelOn(github, number, 'sluice:done');
    expect(await github.fileAt(ref, '.github/workflows/ci.yml')).toBe('on: push\njobs: {}\n');
    expect(await github.fileAt(ref, 'other.txt')).toBe('o\n');
  });
});
