import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import type { Review } from '#test/support/github/model.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOn, labelOn, ownPulls } from '#test/support/story/watch.ts';

const CHANGE = `
name: change
steps:
  - {id: sketch, agent: Engineer, prompt: Sketch}
  - {id: plan, agent: Planner, prompt: Plan, depends_on: [sketch], requires_approval: true}
`;

const stage = useStage({
  workflows: { change: CHANGE },
  prompts: [
    {
      match: '(?:^|\n)Sketch',
      steps: [{ write: { path: 'sketch.txt', content: 'a sketch\n' } }, { text: 'Sketched.' }],
    },
  ],
});

async function waiting(title: string) {
  const { number: issue } = await stage.issue(title);
  await stage.github.as('alice').label(issue, 'sluice:change');
  await gateOn(stage.github, issue);
  const pull = await eventually('a pull request', async () => {
    return (await ownPulls(stage.github, issue))[0];
  });
  return { issue, pull };
}

async function reactionTo({ node_id: node }: Review): Promise<string> {
  const found = await eventually('a reaction to the review', () =>
    stage.github.reactions({ node }).find(({ user }) => user === 'sluice[bot]'),
  );
  return found.content;
}

describe('a command in a review of the pull request', () => {
  it('decides the gate of the run, once for each delivery', async () => {
    const { github } = stage;
    const { issue, pull } = await waiting('Decided in a review');

    const review = await github.as('bob').review(pull.number, 'Looks right.\n\n/approve');

    await labelOn(github, issue, 'sluice:done');
    expect(await reactionTo(review)).toBe('rocket');
    const lost = github.deliveries.find(({ event }) => event === 'pull_request_review');
    await github.redeliver(lost?.guid ?? '');
    expect(await stage.answers(pull.number)).toEqual([]);
  });

  it('decides it in a comment on a file as well', async () => {
    const { github } = stage;
    const { issue, pull } = await waiting('Decided in a comment on a file');

    const said = await github.as('bob').reviewComment(pull.number, 'sketch.txt', '/deny no sketch');

    const run = await headlineOn(github, issue, 'was denied by bob');
    expect(run.body).toContain('no sketch');
    expect(await reactionTo(said)).toBe('rocket');
  });

  it('is refused to those who may not, and approves nothing without the word', async () => {
    const { github } = stage;
    const { issue, pull } = await waiting('A review by a reader');
    const review = await github.as('bob').review(pull.number, '> /approve\n\nLGTM');
    const { payload } =
      github.deliveries.findLast(({ event }) => event === 'pull_request_review') ?? {};

    await github.deliver('pull_request_review', {
      ...payload,
      review: { ...(payload?.['review'] as object), body: '/approve' },
      sender: { ...(payload?.['sender'] as object), login: 'rita' },
    });

    expect(await reactionTo(review)).toBe('-1');
    expect(await stage.answers(pull.number)).toEqual([
      expect.stringContaining('approving needs write access'),
    ]);
    expect((await gateOn(github, issue)).body).toContain('Decision needed');
  });

  it('approves the commit that was reviewed, and no newer one', async () => {
    const { github } = stage;
    const { issue, pull } = await waiting('An older commit was reviewed');
    const first = await gateOn(github, issue);
    await github.as('maya').pushCommit(pull.head.ref, { 'later.txt': 'x\n' });
    await gateOn(github, issue, first);

    const review = await github.as('bob').review(pull.number, '/approve', pull.head.sha);

    expect(await reactionTo(review)).toBe('confused');
    expect((await gateOn(github, issue)).body).toContain('Decision needed');
  });

  it('starts a workflow, and hears of its end where it was asked for', async () => {
    const { github } = stage;
    const bob = github.as('bob');
    await bob.pushCommit('by-hand', { 'by-hand.txt': 'x\n' });
    const { number } = await bob.createPull({ title: 'By hand', head: 'by-hand', base: 'main' });

    const said = await bob.reviewComment(number, 'by-hand.txt', '/sluice run code-review');

    await headlineOn(github, number, 'code-review');
    await eventually('the end of it', () =>
      github.reactions({ node: said.node_id }).some(({ content }) => content === 'hooray'),
    );
    expect(await reactionTo(said)).toBe('eyes');
  });
});
