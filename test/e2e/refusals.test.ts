import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { labelOn } from '#test/support/story/watch.ts';

const OUTLINE = `
name: outline
steps:
  - id: plan
    agent: Planner
    prompt: Plan {{ task }}
    output: plan
    requires_approval: true
`;

const SECOND = OUTLINE.replace('name: outline', 'name: second');

const stage = useStage({ workflows: { outline: OUTLINE, second: SECOND } });

async function waitingRun(title: string): Promise<number> {
  const { number } = await stage.issue(title);
  await stage.github.as('bob').label(number, 'sluice:outline');
  await eventually('a gate', () => openGate(stage.github, number));
  return number;
}

describe('a decision by somebody who may not decide', () => {
  it('changes nothing and is explained once a day, however often it is tried', async () => {
    const issue = await waitingRun('Refuse a reader');

    const first = await stage.say('rita', issue, '/approve');
    const second = await stage.say('rita', issue, '/approve');

    const answers = await stage.answers(issue);
    expect([first.reaction, second.reaction]).toEqual(['-1', '-1']);
    expect(answers).toEqual([expect.stringContaining('approving needs write access')]);
    expect(answers[0]).not.toContain('@');
    expect(await openGate(stage.github, issue)).toBeDefined();
  });

  it('is explained to each person and on each thread', async () => {
    const [one, other] = [await waitingRun('One thread'), await waitingRun('Another thread')];

    for (const login of ['rita', 'mallory']) await stage.say(login, one, '/deny');
    await stage.say('rita', other, '/deny');

    expect(await stage.answers(one)).toHaveLength(2);
    expect(await stage.answers(other)).toHaveLength(1);
    expect(await openGate(stage.github, one)).toBeDefined();
  });

  it('is refused when GitHub does not say who may what', async () => {
    const issue = await waitingRun('Rights that cannot be read');
    stage.github.faults.add({ kind: '500', path: /collaborators\/bob\/permission/, times: 4 });

    const { reaction } = await stage.say('bob', issue, '/approve');

    expect(reaction).toBe('-1');
    expect(await stage.answers(issue)).toEqual([
      expect.stringContaining('did not say which rights'),
    ]);
    expect(await openGate(stage.github, issue)).toBeDefined();
  });
});

describe('a command that is not understood or about nothing', () => {
  it('is answered once a day to somebody without a part in the repository', async () => {
    const { number } = await stage.issue('Noise');

    for (const text of [
      '/sluice aprove',
      '/sluice approve',
      '/sluice deny',
      '/sluice run nonsense',
    ])
      expect((await stage.say('mallory', number, text)).reaction).toBe('confused');

    expect(await stage.answers(number)).toEqual([expect.stringContaining('is no command')]);
  });

  it('is answered each time to those who work there', async () => {
    const { number } = await stage.issue('Mistakes');

    for (const text of ['/sluice aprove', '/sluice approve', '/sluice run nonsense'])
      await stage.say('tess', number, text);

    expect(await stage.answers(number)).toHaveLength(3);
  });

  it('is answered once a day when it could be about several gates', async () => {
    const issue = await waitingRun('Several gates');
    await stage.github.as('bob').label(issue, 'sluice:second');
    await eventually('a second gate', async () => {
      return (await ownComments(stage.github, issue, 'gate')).length === 2;
    });

    for (const verb of ['approve', 'deny']) await stage.say('rita', issue, `/${verb}`);

    expect(await stage.answers(issue)).toEqual([expect.stringContaining('2 gates are open')]);
  });
});

describe('a question by somebody without a part in the repository', () => {
  it('is answered five times an hour, then refused once', async () => {
    const { number } = await stage.issue('Many questions');
    const { number: other } = await stage.issue('Questions of those who work here');
    const asked = ['status', 'list', 'help', 'status', 'help approve', 'status', 'list', 'help'];

    const reactions: string[] = [];
    for (const words of asked)
      reactions.push((await stage.say('mallory', number, `/sluice ${words}`)).reaction);
    for (const words of asked) await stage.say('tess', other, `/sluice ${words}`);

    const answers = await stage.answers(number);
    expect(reactions).toEqual([...Array(5).fill('+1'), ...Array(3).fill('confused')]);
    expect(answers).toHaveLength(6);
    expect(answers[5]).toContain('5 answers an hour');
    expect(await stage.answers(other)).toHaveLength(asked.length);
  });
});

describe('a label of ours that somebody who may not cancel takes off', () => {
  it('is put back, and the run goes on', async () => {
    const number = await waitingRun('A label taken off');
    await labelOn(stage.github, number, 'sluice:waiting');

    await stage.github.as('tess').unlabel(number, 'sluice:waiting');

    expect(await stage.answers(number)).toEqual([
      expect.stringContaining('cancelling a run needs write access'),
    ]);
    await labelOn(stage.github, number, 'sluice:waiting');
    expect(await openGate(stage.github, number)).toBeDefined();
  });
});

describe('a label by somebody who may not start', () => {
  it.each([
    ['mallory', 'none'],
    ['rita', 'read'],
    ['tess', 'triage'],
  ] as const)('is taken off, explained and starts nothing: %s', async (login, role) => {
    const { number } = await stage.issue(`A label by ${login}`);

    await labelInTheNameOf(login, role, number);

    const answers = await stage.answers(number);
    expect(answers).toEqual([expect.stringContaining('starting a workflow needs write access')]);
    expect(stage.github.reactions({ issue: number })).toEqual([
      { content: '-1', user: 'sluice[bot]' },
    ]);
    expect(stage.github.labels(number)).toEqual([]);
    expect(await ownComments(stage.github, number, 'run')).toEqual([]);
  });
});

/** An issue form sets labels in its author's name, whatever rights the author has. */
async function labelInTheNameOf(
  login: string,
  role: 'none' | 'read' | 'triage',
  number: number,
): Promise<void> {
  const { github } = stage;
  github.setRole(login, 'triage');
  await github.holdBack(() => github.as(login).label(number, 'sluice:outline'));
  github.setRole(login, role);
  const lost = github.deliveries.findLast(({ action }) => action === 'labeled');
  await github.redeliver(lost?.guid ?? '');
}

describe('a comment that only looks like a decision', () => {
  it.each([
    ['a quotation', '> /approve\n\nReally?'],
    ['a fenced block', 'Write:\n```\n/approve\n```'],
    ['an indented block', 'Write:\n\n    /approve\n'],
    ['a hidden comment', '<!--\n/approve\n-->'],
    ['an e-mail reply', 'Thanks!\n\nOn Friday, bob wrote:\n/approve'],
    ['plain words', 'approve\n\nLGTM'],
  ])('decides nothing in %s', async (what, text) => {
    const issue = await waitingRun(`Not a decision: ${what}`);

    const comment = await stage.github.as('bob').comment(issue, text);

    expect(await stage.answers(issue)).toEqual([]);
    expect(stage.github.reactions({ comment: comment.id })).toEqual([]);
    expect(await openGate(stage.github, issue)).toBeDefined();
  });

  it('decides nothing when it was edited into a decision', async () => {
    const issue = await waitingRun('An edited comment');
    const comment = await stage.github.as('bob').comment(issue, 'I am not sure yet.');

    await stage.github.as('bob').editComment(comment.id, '/approve');

    expect(await stage.answers(issue)).toEqual([]);
    expect(stage.github.reactions({ comment: comment.id })).toEqual([]);
    expect(await openGate(stage.github, issue)).toBeDefined();
  });

  it('decides nothing with a condition behind it, and says so', async () => {
    const issue = await waitingRun('An approval with a condition');

    const { reaction } = await stage.say('bob', issue, '/approve not before Friday');

    expect(reaction).toBe('confused');
    expect(await stage.answers(issue)).toEqual([
      expect.stringContaining('Not taken as an approval'),
    ]);
    expect(await openGate(stage.github, issue)).toBeDefined();
  });

  it.each(['Bot', 'Organization'])(
    'decides nothing when the account is of type %s',
    async (type) => {
      const issue = await waitingRun(`A decision by a ${type}`);
      const comment = await stage.github.as('bob').comment(issue, 'Deploy finished.');
      await stage.github.idle();
      const { payload } = stage.github.deliveries.at(-1) ?? {};

      await stage.github.deliver('issue_comment', {
        ...payload,
        comment: { ...(payload?.['comment'] as object), body: '/approve' },
        sender: { ...(payload?.['sender'] as object), type },
      });

      expect(await stage.answers(issue)).toEqual([]);
      expect(stage.github.reactions({ comment: comment.id })).toEqual([]);
      expect(await openGate(stage.github, issue)).toBeDefined();
    },
  );
});
