import { describe, expect, it } from 'vitest';
import { useStage } from '#test/support/story/use-stage.ts';

const stage = useStage({});

describe('/sluice plan', () => {
  it('shows what a start would do with this issue, and starts nothing', async () => {
    const issue = await stage.issue('A dark mode', 'For those who work at night.');

    const { reaction } = await stage.say('tess', issue.number, '/sluice plan feature');
    await stage.say('tess', issue.number, '/sluice status');

    const [answer, status] = await stage.answers(issue.number);
    expect(reaction).toBe('+1');
    expect(answer).toContain('**feature** has 17 steps, 17 with an agent. Nothing was started.');
    expect(answer).toContain('```mermaid');
    expect(answer).toContain('For those who work at night.');
    expect(status).toContain('othing');
  });

  it('is not for those who may only read', async () => {
    const issue = await stage.issue('A dark mode', 'Body');

    await stage.say('rita', issue.number, '/sluice plan feature');

    const [answer] = await stage.answers(issue.number);
    expect(answer).toContain('triage');
  });
});
