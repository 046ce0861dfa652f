import { describe, expect, it } from 'vitest';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOn, runIdOf } from '#test/support/story/watch.ts';

const OWN = `
name: our-own
description: Made for this repository
params:
  scale: {type: string, required: true, description: How big, choices: [small, large]}
steps:
  - id: think
    agent: Planner
    prompt: "Think {{ params.scale }}: {{ task }}"
    requires_approval: true
`;

const TALK = `
name: talk
steps:
  - {id: first, agent: Planner, prompt: Talk}
  - {id: second, agent: Planner, prompt: Talk, depends_on: [first], requires_approval: true}
  - {id: third, agent: Planner, prompt: Talk, depends_on: [second], allow_override: false}
`;

const stage = useStage({
  workflows: { 'our-own': OWN, talk: TALK },
  prompts: [
    { match: '(?:^|\n)Talk', steps: [{ text: 'This conversation is ${session}.' }] },
    {
      match: '(?:^|\n)Think <data[^>]*>(\\w+)</data>: <data[^>]*>(.*?)</data>',
      steps: [{ text: 'Size ${1}, task: ${2}' }],
    },
    { match: 'Say hello in (\\w+)', steps: [{ text: 'Hello in ${1}.' }] },
  ],
});

const newIssue = async () => (await stage.issue('Commands', 'Body')).number;

async function ask(text: string, login = 'bob') {
  const issue = await newIssue();
  const { reaction } = await stage.say(login, issue, text);
  return { issue, reaction, answers: await stage.answers(issue) };
}

describe('asking', () => {
  it('lists the workflows of the repository and the built-in ones', async () => {
    const { reaction, answers } = await ask('/sluice list', 'rita');

    expect(reaction).toBe('+1');
    expect(answers).toHaveLength(1);
    expect(answers[0]).toContain('Made for this repository');
    expect(answers[0]).toContain('code-review');
  });

  it('helps, in general and about one thing', async () => {
    const general = await ask('/sluice help');
    const approve = await ask('/sluice help approve');
    const alone = await ask('@sluice');

    expect(general.answers[0]).toContain('/sluice list');
    expect(approve.answers[0]).toContain('--note');
    expect(alone.answers).toEqual(general.answers);
  });

  it('says what runs here and what it waits for', async () => {
    const nothing = await ask('/sluice status');
    expect(nothing.answers[0]).toContain('othing');

    await stage.say('bob', nothing.issue, '/sluice run our-own scale=small');
    const gate = await gateOn(stage.github, nothing.issue);
    await stage.say('rita', nothing.issue, '/sluice status');

    const status = (await stage.answers(nothing.issue)).at(-1);
    expect(status).toContain(runIdOf(gate));
    expect(status).toContain('think');
    expect(status).toContain(gate.html_url);
  });
});

describe('a command that is not quite right', () => {
  it.each([
    ['/sluice lsit', 'Did you mean `list`?'],
    ['/sluice run code-reveiw', 'Did you mean `code-review`?'],
    ['/sluice run', 'Please name a workflow'],
    ['@sluice wf tdd', 'Usage: `/sluice workflow <workflow> <task>`'],
    ['@sluice tdd', 'needs a task'],
    ['/sluice tdd', 'needs a task'],
    ['@sluice could you have a look, please?', 'I only act on commands'],
    ['/sluice run our-own', 'it needs `scale=…`'],
    ['/sluice run our-own scale=huge', '`scale` is one of `small` or `large`'],
    ['/sluice run our-own scale=small sclae=large', 'no parameter `sclae`, perhaps `scale`'],
    ['/sluice run talk execution.frist=main', 'perhaps `execution.first`'],
    ['/sluice run talk execution.first=mine', '`execution.first` is one of `main` or `subagent`'],
    ['/sluice run talk execution=main', 'it does not let `execution` change `third`'],
    ['/sluice plan talk execution.third=main', 'not let `execution.third` change `third`'],
    [
      '/sluice list\n/sluice help\n'.repeat(2) +
        '/sluice status\n/sluice help run\n/sluice help approve\n/sluice help deny',
      'commands in one comment',
    ],
  ])('starts nothing and says how it is written: %j', async (text, expected) => {
    const { reaction, answers, issue } = await ask(text);

    expect(reaction).toBe('confused');
    expect(answers).toEqual([expect.stringContaining(expected)]);
    expect(stage.github.labels(issue)).toEqual([]);
  });

  it.each(['/aprove', '/deploy now', '/assign @bob', 'see /etc/passwd', 'I ran /sluice list'])(
    'is left alone when it may be meant for somebody else: %j',
    async (text) => {
      const issue = await newIssue();
      const comment = await stage.github.as('bob').comment(issue, text);

      expect(await stage.answers(issue)).toEqual([]);
      expect(stage.github.reactions({ comment: comment.id })).toEqual([]);
    },
  );

  it('is left alone as a bare word where no run is open', async () => {
    const issue = await newIssue();
    const comment = await stage.github.as('bob').comment(issue, '/approve');

    expect(await stage.answers(issue)).toEqual([]);
    expect(stage.github.reactions({ comment: comment.id })).toEqual([]);
  });
});

describe('starting with words', () => {
  it('takes parameters and a task from the command', async () => {
    const { github } = stage;
    const issue = await newIssue();

    const { reaction } = await stage.say(
      'bob',
      issue,
      '/sluice run our-own scale=large Count to ten',
    );

    const gate = await gateOn(github, issue);
    expect(reaction).toBe('eyes');
    expect(gate.body).toContain('Size large, task: Count to ten');
  });

  it.each([
    ['', 'new'],
    [' execution.first=main execution.second=main', 'resumed'],
  ])('lets the steps share a conversation when the start says so: %j', async (words, state) => {
    const issue = await newIssue();

    await stage.say('bob', issue, `/sluice run talk${words}`);

    const gate = await gateOn(stage.github, issue);
    expect(gate.body).toContain(`This conversation is ${state}.`);
  });

  it('takes the issue itself for the task when none is said', async () => {
    const issue = await newIssue();

    await stage.say('bob', issue, '/sluice run our-own scale=small');

    expect((await gateOn(stage.github, issue)).body).toContain('Commands');
  });

  it('20: explains what is missing when the task is, and starts when it is there', async () => {
    const lacking = await ask('@sluice workflow TDD');
    expect(lacking.reaction).toBe('confused');
    expect(lacking.answers).toEqual([
      expect.stringMatching(/needs a task[^]*Usage: `\/sluice workflow <workflow> <task>`/),
    ]);

    const issue = await newIssue();
    const { reaction } = await stage.say('bob', issue, '@sluice wf code_review look at this');
    expect(reaction).toBe('eyes');
    const run = await headlineOn(stage.github, issue, 'code-review');
    expect(run.body).toContain('`@sluice wf code_review look at this`');
  });

  it('understands the name of a workflow as a command', async () => {
    const { github } = stage;
    const issue = await newIssue();

    await stage.say('bob', issue, '@sluice brainstorm Say hello in Welsh');

    const run = await headlineOn(github, issue, 'brainstorm');
    expect(run.body).toContain('started by bob');
  });

  it('carries out several commands of one comment, or none of them', async () => {
    const both = await ask('/sluice help run\n/sluice list');
    const none = await ask('/sluice list\n/sluice lsit');

    expect(both.answers).toHaveLength(2);
    expect(none.answers).toEqual([expect.stringContaining('Did you mean `list`?')]);
  });

  it('does not start a second run of a workflow while one is live', async () => {
    const issue = await newIssue();
    await stage.say('bob', issue, '/sluice run our-own scale=small');
    const gate = await gateOn(stage.github, issue);

    const { reaction } = await stage.say('bob', issue, '/sluice run our-own scale=small');

    expect(reaction).toBe('confused');
    expect((await stage.answers(issue)).at(-1)).toContain(runIdOf(gate));
  });
});
