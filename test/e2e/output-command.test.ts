import { describe, expect, it } from 'vitest';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, labelOn } from '#test/support/story/watch.ts';

const ASK = `
name: ask
steps:
  - id: reviews
    group:
      steps:
        - {id: security, agent: CodeReviewer, prompt: W-security}
        - {id: speed, agent: CodeReviewer, prompt: W-speed}
  - {id: plan, agent: Planner, prompt: W-plan, output: the_plan, depends_on: [reviews], requires_approval: true}
`;

const long = `${'A long plan. '.repeat(300)}The end.`;

const stage = useStage({
  workflows: { ask: ASK },
  prompts: [
    { match: 'W-security', steps: [{ text: 'Nothing leaks.' }] },
    { match: 'W-speed', steps: [{ text: 'Nothing is slow.' }] },
    { match: 'W-plan', steps: [{ text: long }] },
  ],
});

async function waiting(): Promise<{ issue: number; gate: string }> {
  const { number } = await stage.issue('Plan it');
  await stage.github.as('bob').label(number, 'sluice:ask');
  return { issue: number, gate: (await gateOn(stage.github, number)).body };
}

describe('/sluice output', () => {
  it('shows all of what a gate shows the beginning of', async () => {
    const { issue, gate } = await waiting();
    const [, command = ''] = /All of it: `([^`]+)`/.exec(gate) ?? [];

    const { reaction } = await stage.say('tess', issue, command);
    await stage.say('tess', issue, '/sluice output the-plan');

    const [first, second] = await stage.answers(issue);
    expect(reaction).toBe('+1');
    expect(first).toContain('The end.\n```');
    expect(second).toBe(first);
  });

  it('names the steps of a group, which have results of their own', async () => {
    const { issue } = await waiting();

    await stage.say('tess', issue, '/sluice output reviews');
    await stage.say('tess', issue, '/sluice output security');
    await stage.say('tess', issue, '/sluice output nonsense');

    const [members, security, nothing] = await stage.answers(issue);
    expect(members).toMatch(/output R\w+ reviews\/security`\n.*output R\w+ reviews\/speed`/);
    expect(security).toContain('Nothing leaks.');
    expect(nothing).toContain('Nothing here that `nonsense` could be about.');
  });

  it('shows nobody what was denied', async () => {
    const { issue } = await waiting();
    await stage.say('bob', issue, '/deny no');
    await labelOn(stage.github, issue, 'sluice:failed');

    await stage.say('tess', issue, '/sluice output plan');

    expect(await stage.answers(issue)).toEqual(['`plan` has no result that can be shown.']);
  });
});
