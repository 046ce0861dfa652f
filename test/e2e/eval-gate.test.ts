import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { labelOn, newestCheck, ownPulls } from '#test/support/story/watch.ts';

const GATED = `
name: gated
eval_gate: {min_baseline_runs: 1, warn_threshold: 0.05, block_threshold: 0.1}
steps:
  - {id: build, agent: Engineer, prompt: "W-build {{ task }}"}
`;

/** A build that takes so many tokens. */
const build = (what: string, input: number) => ({
  match: `W-build.*${what}`,
  steps: [
    { write: { path: `${what}.txt`, content: `${what}\n` } },
    { usage: { input, output: 10 } },
    { text: `Built at the price of ${what}.` },
  ],
});

const stage = useStage({
  workflows: { gated: GATED },
  prompts: [build('thrifty', 1_000), build('pricey', 800_000), build('ruinous', 1_500_000)],
});

async function start(title: string): Promise<number> {
  const { number } = await stage.issue(title);
  await stage.github.as('bob').label(number, 'sluice:gated');
  return number;
}

async function ended(issue: number, text: string): Promise<string> {
  return eventually(`"${text}" in the run comment`, async () => {
    const [run] = await ownComments(stage.github, issue, 'run');
    return run?.body.includes(text) === true ? run.body : undefined;
  });
}

async function conclusion(issue: number): Promise<string | null | undefined> {
  await stage.calm();
  const [pull] = await ownPulls(stage.github, issue);
  const check = await eventually('the end of the check', async () => {
    const newest = await newestCheck(stage.github, pull?.head.sha ?? '');
    return newest?.status === 'completed' ? newest : undefined;
  });
  return check.conclusion;
}

describe('an eval gate', () => {
  it('13: passes a first run, warns of a worse one and blocks one that is worse still', async () => {
    const first = await start('thrifty');
    await labelOn(stage.github, first, 'sluice:done');
    expect(await ended(first, 'earlier runs')).toContain(
      '0 of the 1 earlier runs that a comparison needs are there',
    );
    expect(await conclusion(first)).toBe('success');

    const second = await start('pricey');
    await labelOn(stage.github, second, 'sluice:done');
    expect(await ended(second, 'below the mean')).toMatch(/⚠️ \| eval-gate/);
    expect(await conclusion(second)).toBe('neutral');

    const third = await start('ruinous');
    const run = await ended(third, '### ❌ gated');
    expect(run).toMatch(
      /❌ \| eval-gate \| Score 0\.8\d is 11\.\d % below the mean of 0\.96 over 2 runs/,
    );
    expect(await conclusion(third)).toBe('failure');
    const [pull] = await ownPulls(stage.github, third);
    expect(pull?.draft).toBe(true);
  });
});
