import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Running } from '#src/start.ts';
import { eventually } from '#test/support/eventually.ts';
import { type LocalGitHub, startLocalGitHub } from '#test/support/github/local-github.ts';
import { makeHome, startHere, type TestHome } from '#test/support/sluice.ts';
import { labelOn } from '#test/support/story/watch.ts';

const LOOK = `
name: look
steps:
  - {id: look, agent: Planner, prompt: Look}
`;

let github: LocalGitHub;
let home: TestHome;
let running: Running | null = null;

beforeEach(async () => {
  github = await startLocalGitHub({
    files: { 'README.md': '# demo\n', '.github/sluice/workflows/look.yml': LOOK },
  });
  home = await makeHome({ github, scenario: { prompts: [{ steps: [{ text: 'Fine.' }] }] } });
});
afterEach(async () => {
  await running?.stop();
  await github.close();
  await home.remove();
});

it('what was said while nobody listened arrives although it failed to be delivered again', async () => {
  const { number } = await github.as('bob').createIssue({ title: 'Look', body: 'Please.' });
  await github.as('bob').label(number, 'sluice:look');
  await github.idle();
  running = await startHere(github, home);
  // What stands in front of the process takes it for dead a little longer.
  github.setWebhookUrl(null);
  await eventually('a delivery that failed again', () =>
    github.deliveries.some(({ redelivery, statusCode }) => redelivery && statusCode === 502),
  );

  github.setWebhookUrl(running.webhookUrl);

  await labelOn(github, number, 'sluice:done');
  expect(github.deliveries.filter(({ redelivery }) => redelivery).length).toBeGreaterThan(1);
});
