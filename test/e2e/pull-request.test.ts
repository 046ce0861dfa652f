import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import type { Pull } from '#test/support/github/model.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOn, labelOn } from '#test/support/story/watch.ts';

const MEND = `
name: mend
steps:
  - id: mend
    agent: Engineer
    prompt: Mend it
`;

const ASK = `
name: ask
steps:
  - id: look
    agent: Planner
    prompt: Look
    requires_approval: true
`;

const stage = useStage({
  workflows: { mend: MEND, ask: ASK },
  files: { 'src/add.js': 'export const add = (a, b) => a + b;\n' },
  prompts: [
    {
      match:
        '(?:^|\n)Review for security.*modified src/add.js \\(\\+1 -1\\).*\\+export const add = (\\S+)',
      steps: [{ text: 'Security: I saw that `add` is `${1}` now.' }],
    },
    { match: '(?:^|\n)Review for performance', steps: [{ text: 'Performance: fine.' }] },
    { match: '(?:^|\n)Review for style', steps: [{ text: 'Style: fine.' }] },
    {
      match: 'Security: I saw that `add` is `(\\S+)` now',
      steps: [{ text: '## Report\n\n1 blocker: `add` is `${1}` now. fixes #1, says @bob.' }],
    },
    {
      match: '(?:^|\n)Mend it.*export const add',
      steps: [
        { write: { path: 'src/add.js', content: 'export const add = (a, b) => a + b;\n' } },
        { text: 'Mended.' },
      ],
    },
  ],
});

let branches = 0;

async function openPull(): Promise<Pull> {
  const bob = stage.github.as('bob');
  branches += 1;
  const head = `change-${branches}`;
  await bob.pushCommit(head, { 'src/add.js': 'export const add = eval;\n' });
  return bob.createPull({ title: 'Add faster', head, base: 'main', body: 'See the diff.' });
}

async function checkOf(pull: Pull, name: string, conclusion: string) {
  return eventually(`the check ${name} to be ${conclusion}`, async () => {
    const checks = await stage.github.checkRuns(pull.head.sha);
    const check = checks.findLast((each) => each.name === name);
    return check?.conclusion === conclusion && check;
  });
}

describe('a review of a pull request', () => {
  it('is about its change, and its report reaches people in a comment and in the check', async () => {
    const { github } = stage;
    const pull = await openPull();

    await github.as('bob').label(pull.number, 'sluice:code-review');

    const check = await checkOf(pull, 'sluice / code-review', 'success');
    const end = await eventually('the report', async () => {
      const [comment] = await ownComments(github, pull.number, 'end');
      return comment;
    });
    expect(end.body).toContain('1 blocker: `add` is `eval;` now.');
    expect(check.output.text).toContain('1 blocker: `add` is `eval;` now.');
    // A report notifies nobody and closes nothing.
    expect(end.body).not.toMatch(/@bob|fixes #1/);
    expect(end.body).not.toContain('Performance: fine.');
    await labelOn(github, pull.number, 'sluice:done');
    expect((await github.pull(pull.number)).head.sha).toBe(pull.head.sha);
    expect(github.branches().filter((name) => name.startsWith('sluice/'))).toEqual([]);
  });

  it.each([
    ["GitHub's Re-run", (id: number) => stage.github.as('bob').rerequest(id)],
    ['the button Run again', (id: number) => stage.github.as('bob').press(id, 'run-again')],
  ])('is done once more after %s', async (_what, act) => {
    const { github } = stage;
    const pull = await openPull();
    await github.as('bob').label(pull.number, 'sluice:code-review');
    const first = await checkOf(pull, 'sluice / code-review', 'success');
    expect(first.actions.map(({ identifier }) => identifier)).toEqual(['run-again']);

    await act(first.id);

    await eventually('two reports', async () => {
      const { length } = await ownComments(github, pull.number, 'end');
      return length === 2;
    });
    expect(await ownComments(github, pull.number, 'run')).toHaveLength(2);
  });

  it('is not done once more for somebody who may only read', async () => {
    const { github } = stage;
    const pull = await openPull();
    await github.as('bob').label(pull.number, 'sluice:code-review');
    const check = await checkOf(pull, 'sluice / code-review', 'success');

    await github.as('rita').press(check.id, 'run-again');

    const answers = await stage.answers(pull.number);
    expect(answers).toEqual([expect.stringContaining('starting a workflow needs write access')]);
    expect(await ownComments(github, pull.number, 'run')).toHaveLength(1);
  });
});

describe('work on a pull request', () => {
  it('goes into its branch by a pull request of its own', async () => {
    const { github } = stage;
    const pull = await openPull();

    await github.as('bob').label(pull.number, 'sluice:mend');

    const own = await eventually('a pull request of ours', async () => {
      const pulls = await github.pulls();
      return pulls.find(({ head }) => head.ref.startsWith(`sluice/${pull.number}-`));
    });
    expect(own.base.ref).toBe(pull.head.ref);
    await labelOn(github, pull.number, 'sluice:done');
    expect((await github.pull(pull.number)).head.sha).toBe(pull.head.sha);
    const { files } = await github.changes(own.number);
    expect(files.map(({ filename }) => filename)).toEqual(['src/add.js']);
  });

  it('is decided on by the buttons of its check', async () => {
    const { github } = stage;
    const pull = await openPull();
    await github.as('bob').label(pull.number, 'sluice:ask');
    await gateOn(github, pull.number);
    const check = await checkOf(pull, 'sluice / ask', 'action_required');
    expect(check.actions.map(({ identifier }) => identifier)).toEqual([
      'approve:G1',
      'deny:G1',
      'cancel',
    ]);

    await github.as('bob').press(check.id, 'deny:G1');

    await headlineOn(github, pull.number, 'was denied by bob');
    await checkOf(pull, 'sluice / ask', 'failure');
  });

  it.each([
    { what: 'that was heard of', isHeardOf: true, words: [] },
    { what: 'that an approval overtakes', isHeardOf: false, words: ['/approve'] },
  ])('is asked about anew after a push $what', async ({ isHeardOf, words }) => {
    const { github } = stage;
    const pull = await openPull();
    await github.as('bob').label(pull.number, 'sluice:ask');
    const first = await gateOn(github, pull.number);
    expect(first.body).toContain(`#${pull.number} @ [\`${pull.head.sha.slice(0, 7)}\``);

    const push = () =>
      github.as('maya').pushCommit(pull.head.ref, { 'src/more.js': 'export const more = 1;\n' });
    const pushed = isHeardOf ? await push() : await github.holdBack(push);
    await github.idle();
    for (const word of words) {
      expect((await stage.say('bob', pull.number, word)).reaction).toBe('confused');
    }

    const second = await gateOn(github, pull.number, first);
    expect(second.body).toContain(`#${pull.number} @ [\`${pushed.slice(0, 7)}\``);
    await stage.say('bob', pull.number, '/approve');
    await labelOn(github, pull.number, 'sluice:done');
  });

  it('does not begin on a closed one', async () => {
    const { github } = stage;
    const pull = await openPull();
    await github.as('bob').closePull(pull.number);

    await github.as('bob').label(pull.number, 'sluice:ask');

    expect(await stage.answers(pull.number)).toEqual(['Not started: the pull request is closed.']);
    expect(github.labels(pull.number)).toEqual([]);
  });
});

describe('a review of an issue', () => {
  it('leaves its report in a comment', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Is this repository safe?');

    await github.as('bob').label(number, 'sluice:security-audit');

    const end = await eventually('the report', async () => {
      const [comment] = await ownComments(github, number, 'end');
      return comment;
    });
    expect(end.body).toContain('<details open>');
    expect(end.body).toContain('Nothing had to be changed.');
    await labelOn(github, number, 'sluice:done');
  });
});
