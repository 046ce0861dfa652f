import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { headlineOf } from '#test/support/story/watch.ts';

const PONDER = `
name: ponder
steps:
  - {id: think, agent: Researcher, access: edit, prompt: W-think}
`;

const stage = useStage({
  workflows: { ponder: PONDER },
  prompts: [
    {
      match: 'W-think',
      steps: [
        { until: { file: 'asked' } },
        { until: { file: 'heard', saying: 'I know now. ' } },
        { text: 'That is it.' },
      ],
    },
  ],
  env: { SLUICE_QUIET_MINUTES: '0.02' },
});

/** Lets the agent go on. */
async function tell(file: string): Promise<void> {
  await writeFile(join(stage.home.dir, 'plays', file), '');
}

async function runComment(issue: number, fits: (body: string) => boolean): Promise<string> {
  return eventually('the run comment', async () => {
    const [run] = await ownComments(stage.github, issue, 'run');
    return run !== undefined && fits(run.body) && run.body;
  });
}

describe('an agent that is silent for a long time', () => {
  it('18: is shown as quiet until it speaks again, and is not stopped', async () => {
    const { number } = await stage.issue('Think');
    await stage.github.as('bob').label(number, 'sluice:ponder');

    const silent = await runComment(number, (body) => body.includes('🔇'));
    expect(silent).toMatch(/🔄 \| think \| since [\d:]+ UTC · 🔇 quiet since [\d-]+ [\d:]+ UTC/);
    expect(silent).toMatch(
      /`think` is running\. `think` has given no sign of life since [\d-]+ [\d:]+ UTC/,
    );
    await stage.github.as('bob').comment(number, '/sluice status');
    const status = await eventually('the answer', async () => {
      const [answer] = await ownComments(stage.github, number, 'answer');
      return answer?.body;
    });
    expect(status).toContain('`think` has given no sign of life since');
    await tell('asked');

    const talking = await runComment(number, (body) => !body.includes('🔇'));
    expect(talking).toMatch(/🔄 \| think \| since/);
    await tell('heard');

    const done = await runComment(number, (body) => headlineOf(body).includes('✅'));
    expect(done).toMatch(/✅ \| think \|.*\| 1 \|/);
    expect(done).not.toContain('🔇');
  });
});
