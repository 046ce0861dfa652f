import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOf, headlineOn, labelOn } from '#test/support/story/watch.ts';

const ASK = `
name: ask
steps:
  - id: first
    agent: Planner
    prompt: First
    requires_approval: true
  - id: second
    agent: Planner
    depends_on: [first]
    prompt: Second
    requires_approval: true
  - id: third
    agent: Planner
    depends_on: [second]
    prompt: Third
    requires_approval: true
`;

const LOOK = `
name: look
steps:
  - {id: look, agent: Planner, prompt: Look}
`;

const LAST = `
name: last
steps:
  - {id: look, agent: Planner, prompt: Look, requires_approval: true}
`;

const stage = useStage({ workflows: { ask: ASK, look: LOOK, last: LAST } });

async function start(title: string): Promise<number> {
  const { number } = await stage.issue(title);
  await stage.github.as('bob').label(number, 'sluice:ask');
  await gateOn(stage.github, number);
  return number;
}

async function runComment(issue: number) {
  return eventually('the run comment', async () => {
    const [comment] = await ownComments(stage.github, issue, 'run');
    return comment;
  });
}

describe('the comment at the end', () => {
  it('is there once when GitHub loses its answer to it', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Look');
    const create = { method: /POST/, path: new RegExp(`/issues/${number}/comments$`) } as const;
    github.faults.add({ kind: 'slow', ...create, milliseconds: 1 });
    github.faults.add({ kind: 'lost-reply', ...create });

    await github.as('bob').label(number, 'sluice:look');

    await labelOn(github, number, 'sluice:done');
    await eventually('a look for what may be there', () =>
      github.requests.some(
        ({ path }) => path.includes(`/issues/${number}/comments?`) && path.includes('since='),
      ),
    );
    await stage.answers(number);
    expect(await ownComments(github, number, 'end')).toHaveLength(1);
  });
});

describe('a comment of ours that a person deletes', () => {
  it('is posted again with the present state, and left alone the second time', async () => {
    const { github } = stage;
    const issue = await start('Delete the run comment');
    const first = await headlineOn(github, issue, 'first needs approval');

    await github.as('maya').deleteComment(first.id);
    const second = await runComment(issue);
    expect(second.id).not.toBe(first.id);
    expect(headlineOf(second.body)).toContain('first needs approval');

    await stage.say('bob', issue, '/approve');
    const after = await headlineOn(github, issue, 'second needs approval');
    expect(after.id).toBe(second.id);

    await github.as('maya').deleteComment(second.id);
    const gate = await openGate(github, issue);
    await stage.say('bob', issue, '/approve');
    await gateOn(github, issue, gate);
    await stage.answers(issue);
    expect(await ownComments(github, issue, 'run')).toEqual([]);
  });

  it('is posted again even when the news of its end never came', async () => {
    const { github } = stage;
    const issue = await start('Delete the run comment unseen');
    const first = await headlineOn(github, issue, 'first needs approval');
    await github.holdBack(() => github.as('maya').deleteComment(first.id));

    await stage.say('bob', issue, '/approve');

    const second = await headlineOn(github, issue, 'second needs approval');
    expect(second.id).not.toBe(first.id);
    expect(await ownComments(github, issue, 'run')).toHaveLength(1);
  });

  it('is posted again when a bot of somebody else deleted it', async () => {
    const { github } = stage;
    const issue = await start('Tidied up');
    const first = await headlineOn(github, issue, 'first needs approval');
    await github.holdBack(() => github.as('maya').deleteComment(first.id));
    const { payload } = github.deliveries.findLast(({ action }) => action === 'deleted') ?? {};

    await github.deliver('issue_comment', {
      ...payload,
      sender: { login: 'tidy[bot]', id: 77, type: 'Bot' },
    });

    expect((await runComment(issue)).id).not.toBe(first.id);
  });

  it('is asked again when it asked for a decision', async () => {
    const { github } = stage;
    const issue = await start('Delete the gate comment');
    const first = await gateOn(github, issue);

    await github.as('maya').deleteComment(first.id);

    const second = await gateOn(github, issue, first);
    expect(second.body).toBe(first.body);
    await stage.say('bob', issue, '/approve');
    await gateOn(github, issue, second);
  });

  it('is not taken for ours when somebody copies its marker', async () => {
    const { github } = stage;
    const issue = await start('A forged marker');
    const own = await headlineOn(github, issue, 'first needs approval');
    const forged = await github.as('mallory').comment(issue, own.body);

    await github.as('maya').deleteComment(own.id);

    const again = await runComment(issue);
    expect(again.id).toBeGreaterThan(forged.id);
    await stage.say('bob', issue, '/approve');
    await headlineOn(github, issue, 'second needs approval');
    const all = await github.comments(issue);
    expect(all.find(({ id }) => id === forged.id)?.body).toBe(own.body);
  });
});

describe('a command whose handling breaks off after it was carried out', () => {
  it.each(['/approve', '/cancel'])('is shown as accepted: %s', async (text) => {
    const { github } = stage;
    const { number } = await stage.issue(`Lose the reaction to ${text}`);
    await github.as('bob').label(number, 'sluice:last');
    await gateOn(github, number);
    github.faults.add({ kind: '503', method: /POST/, path: /comments\/\d+\/reactions$/, times: 4 });

    const { reaction } = await stage.say('bob', number, text);

    expect(github.faults.pending).toEqual([]);
    expect(reaction).toBe('rocket');
    expect(await stage.answers(number)).toEqual([]);
  });

  it('says again why the run refused it', async () => {
    const { github } = stage;
    const issue = await start('Lose the reaction to a refusal');
    github.faults.add({ kind: '503', method: /POST/, path: /comments\/\d+\/reactions$/, times: 4 });

    const { reaction } = await stage.say('bob', issue, '/skip first\n/sluice approve');

    expect(github.faults.pending).toEqual([]);
    expect(reaction).toBe('confused');
    await headlineOn(github, issue, 'second needs approval');
    const answers = await stage.answers(issue);
    expect(answers).toHaveLength(1);
    expect(answers[0]).toContain('Not done');
  });
});

describe('a delivery that comes again', () => {
  it('starts, decides and answers nothing a second time', async () => {
    const { github } = stage;
    const issue = await start('Deliver everything twice');
    await stage.say('bob', issue, '/approve');
    await headlineOn(github, issue, 'second needs approval');
    await stage.say('bob', issue, '/sluice status');
    await stage.answers(issue);
    const before = (await github.comments(issue)).map(({ id, body }) => ({ id, body }));

    const sent = github.deliveries.filter(({ redelivery }) => !redelivery);
    const again = await Promise.all(sent.map(({ guid }) => github.redeliver(guid)));

    expect(new Set(again.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    await stage.answers(issue);
    expect((await github.comments(issue)).map(({ id, body }) => ({ id, body }))).toEqual(before);
  });

  it('starts one run however often the label is told of at once', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Label it often');
    const bob = github.as('bob');

    await bob.label(number, 'sluice:ask');
    await github.idle();
    const labelled = github.deliveries.findLast(({ action }) => action === 'labeled');
    await Promise.all(
      Array.from({ length: 5 }, () => github.deliver('issues', labelled?.payload ?? {})),
    );

    await gateOn(github, number);
    await stage.answers(number);
    expect(await ownComments(github, number, 'run')).toHaveLength(1);
    expect(await ownComments(github, number, 'gate')).toHaveLength(1);
    await labelOn(github, number, 'sluice:waiting');
  });
});
