import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import type { ScriptEntry } from '#test/support/scripted/scenario.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { headlineOn, labelOn, newestCheck, ownPulls } from '#test/support/story/watch.ts';

/** The same three steps under several names, so that each test has its own failures to use up. */
const workflow = (name: string) => `
name: ${name}
steps:
  - id: sketch
    agent: Engineer
    prompt: Sketch for ${name}
    output: sketch
  - id: build
    agent: Engineer
    depends_on: [sketch]
    prompt: |
      Build for ${name}.
      {{ sketch }}
    output: build
  - id: tell
    agent: Planner
    depends_on: [build]
    prompt: Tell about {{ build }}
`;

const NAMES = [
  'by-resume',
  'by-retry',
  'by-label',
  'by-rerun',
  'by-suite',
  'by-button',
  'by-push',
] as const;

const failing = (name: string): ScriptEntry[] => [
  {
    match: `(?:^|\n)Build for ${name}.*with more care`,
    steps: [
      { write: { path: 'built.txt', content: 'with care\n' } },
      { text: 'Built with more care.' },
    ],
  },
  {
    match: `(?:^|\n)Build for ${name}`,
    times: 1,
    steps: [
      { write: { path: 'left-over.txt', content: 'of a failed attempt\n' } },
      { error: { code: -32_000, message: 'the model lost its mind' } },
    ],
  },
];

const stage = useStage({
  workflows: Object.fromEntries(NAMES.map((name) => [name, workflow(name)])),
  prompts: [
    ...NAMES.flatMap(failing),
    {
      match: '(?:^|\n)Sketch for (\\S+)',
      steps: [
        { append: { path: 'sketch.txt', content: 'sketched\n' } },
        { text: 'The sketch of ${1}.' },
      ],
    },
    {
      match: '(?:^|\n)Build for (\\S+)\\..*The sketch of',
      steps: [
        { write: { path: 'built.txt', content: 'built\n' } },
        { text: 'Built from the sketch.' },
      ],
    },
  ],
});

async function failed(name: string): Promise<number> {
  const { number } = await stage.issue(`Fail, then go on: ${name}`);
  await stage.github.as('bob').label(number, `sluice:${name}`);
  await headlineOn(stage.github, number, 'failed at build');
  await labelOn(stage.github, number, 'sluice:failed');
  await eventually('a comment at the end', async () => {
    const { length } = await ownComments(stage.github, number, 'end');
    return length === 1;
  });
  return number;
}

/** The story went on from the failed step: what was done stands, and what failed left nothing. */
async function expectGoneOn(issue: number, built = 'built\n'): Promise<void> {
  const { github } = stage;
  await labelOn(github, issue, 'sluice:done');
  const [pull] = await ownPulls(github, issue);
  const ref = pull?.head.ref ?? '';
  expect(await github.fileAt(ref, 'sketch.txt')).toBe('sketched\n');
  expect(await github.fileAt(ref, 'built.txt')).toBe(built);
  expect(await github.fileAt(ref, 'left-over.txt')).toBeNull();
  const steps = (await github.commits(ref)).flatMap(
    ({ message }) => /^Sluice-Step: (.+)$/m.exec(message)?.[1] ?? [],
  );
  expect(steps).toEqual(['build', 'sketch']);
  expect(await ownPulls(github, issue)).toHaveLength(1);
  expect(await ownComments(github, issue, 'run')).toHaveLength(1);
  await eventually('a green check', async () => {
    return (await newestCheck(github, ref))?.conclusion === 'success';
  });
}

describe('a run that failed', () => {
  it('says which step failed, why, and how to go on', async () => {
    const { github } = stage;
    const issue = await failed('by-resume');
    const [end] = await ownComments(github, issue, 'end');
    const [pull] = await ownPulls(github, issue);

    expect(end?.body).toContain('the model lost its mind');
    expect(end?.body).toContain('/sluice resume');
    const check = await eventually('a failed check', async () => {
      const newest = await newestCheck(github, pull?.head.ref ?? '');
      return newest?.conclusion === 'failure' && newest;
    });
    expect(check.actions.map(({ identifier }) => identifier)).toEqual(['resume']);

    const { reaction } = await stage.say('bob', issue, '/resume with more care');
    expect(reaction).toBe('eyes');
    await expectGoneOn(issue, 'with care\n');
  });

  it('goes on with its failed step after /retry and the name of the step', async () => {
    const issue = await failed('by-retry');

    const other = await stage.say('bob', issue, '/retry sketch');
    const right = await stage.say('bob', issue, '/retry build');

    expect([other.reaction, right.reaction]).toEqual(['confused', 'eyes']);
    await expectGoneOn(issue);
  });

  it('goes on when its label is taken off', async () => {
    const issue = await failed('by-label');

    await stage.github.as('bob').unlabel(issue, 'sluice:failed');

    await expectGoneOn(issue);
  });

  it("goes on by GitHub's own Re-run", async () => {
    const { github } = stage;
    const issue = await failed('by-rerun');
    const [pull] = await ownPulls(github, issue);
    const check = await eventually('a failed check', async () => {
      const newest = await newestCheck(github, pull?.head.ref ?? '');
      return newest?.conclusion === 'failure' && newest;
    });

    await github.as('bob').rerequest(check.id);

    await expectGoneOn(issue);
  });

  it('goes on once by "Re-run all checks" of its commit, and only for those who may', async () => {
    const { github } = stage;
    const issue = await failed('by-suite');
    const [pull] = await ownPulls(github, issue);
    const head = pull?.head.sha ?? '';
    await eventually('a failed check', async () => {
      return (await newestCheck(github, head))?.conclusion === 'failure';
    });

    await github.as('rita').rerequestAll(head);
    expect(await stage.answers(issue)).toEqual([
      expect.stringContaining('resuming a run needs write access'),
    ]);
    await github.as('bob').rerequestAll(head);

    await expectGoneOn(issue);
    const all = github.deliveries.findLast(({ action }) => action === 'rerequested');
    await github.redeliver(all?.guid ?? '');
    expect(await stage.answers(issue)).toHaveLength(1);
  });

  it('goes on by the button of its check, once however often it is pressed', async () => {
    const { github } = stage;
    const issue = await failed('by-button');
    const [pull] = await ownPulls(github, issue);
    const check = await eventually('a failed check', async () => {
      const newest = await newestCheck(github, pull?.head.ref ?? '');
      return newest?.conclusion === 'failure' && newest;
    });

    await Promise.all([1, 2, 3].map(() => github.as('bob').press(check.id, 'resume')));

    await expectGoneOn(issue);
  });

  it('goes on from what somebody has pushed to its branch since', async () => {
    const { github } = stage;
    const issue = await failed('by-push');
    const [pull] = await ownPulls(github, issue);
    const ref = pull?.head.ref ?? '';
    await github.as('maya').pushCommit(ref, { 'by-hand.txt': 'what was missing\n' });

    const { reaction } = await stage.say('bob', issue, '/resume');

    expect(reaction).toBe('eyes');
    await expectGoneOn(issue);
    expect(await github.fileAt(ref, 'by-hand.txt')).toBe('what was missing\n');
  });
});
