import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import type { Comment } from '#test/support/github/model.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOn, labelOn, runIdOf } from '#test/support/story/watch.ts';

const ASK = `
name: ask
steps: [{id: ask, agent: Planner, prompt: Ask, requires_approval: true}]
`;

const BREAK = `
name: break
steps: [{id: work, agent: Planner, prompt: Break}]
`;

const stage = useStage({
  workflows: { ask: ASK, break: BREAK },
  prompts: [
    {
      match: '(?:^|\n)Break',
      times: 2,
      steps: [{ error: { code: -32_000, message: 'out of luck' } }],
    },
  ],
});

const numbered = async (title: string) => (await stage.issue(title)).number;

/** Says something of which we hear only later. The next second has begun when it returns. */
async function sayUnheard(login: string, issue: number, text: string): Promise<Comment> {
  const { github } = stage;
  await stage.calm();
  const comment = await github.holdBack(() => github.as(login).comment(issue, text));
  const next = Date.parse(comment.created_at) + 1_000;
  await eventually('the next second', () => Date.now() >= next);
  return comment;
}

async function hear(comment: Comment): Promise<void> {
  const { github } = stage;
  const lost = github.deliveries.find(
    ({ event, payload }) =>
      event === 'issue_comment' && (payload['comment'] as Comment | undefined)?.id === comment.id,
  );
  await github.redeliver(lost?.guid ?? '');
}

describe('a command that reaches the app late', () => {
  it('cancels no run that was started after it was written', async () => {
    const issue = await numbered('Cancelled before it was started');
    const comment = await sayUnheard('bob', issue, '/sluice cancel');
    await stage.say('alice', issue, '/sluice run ask');
    const gate = await gateOn(stage.github, issue);

    await hear(comment);

    expect(await stage.answers(issue)).toEqual([
      expect.stringMatching(
        new RegExp(`run here was started[^]*after your comment[^]*/cancel ${runIdOf(gate)}`),
      ),
    ]);
    expect(stage.github.labels(issue)).toEqual(['sluice:waiting']);
    const { reaction } = await stage.say('bob', issue, `/cancel ${runIdOf(gate)}`);
    expect(reaction).toBe('rocket');
  });

  it('cancels a run whose start was late as well', async () => {
    const { github } = stage;
    const issue = await numbered('Both were late');
    const start = await sayUnheard('alice', issue, '/sluice run ask');
    const cancel = await sayUnheard('bob', issue, '/sluice cancel');

    await hear(start);
    await gateOn(github, issue);
    await hear(cancel);

    const run = await headlineOn(github, issue, 'cancelled');
    expect(run.body).toContain('started by alice');
  });

  it('resumes no run that failed after it was written', async () => {
    const { github } = stage;
    const issue = await numbered('Failed after it was written');
    const early = await sayUnheard('bob', issue, '/sluice resume');
    await github.as('alice').label(issue, 'sluice:break');
    const failed = await headlineOn(github, issue, 'failed');
    await labelOn(github, issue, 'sluice:failed');

    await hear(early);

    expect(await stage.answers(issue)).toEqual([
      expect.stringMatching(
        new RegExp(`run here ended after your comment[^]*/sluice resume ${runIdOf(failed)}`),
      ),
    ]);
    expect(github.labels(issue)).toEqual(['sluice:failed']);
    const { reaction } = await stage.say('bob', issue, `/sluice resume ${runIdOf(failed)}`);
    expect(reaction).toBe('eyes');
  });
});
