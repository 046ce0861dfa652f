import { expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { startLocalGitHub } from '#test/support/github/local-github.ts';
import { makeHome, spawnSluice } from '#test/support/sluice.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { headlineOn } from '#test/support/story/watch.ts';

const FILES = {
  '.github/sluice/workflows/passing.yml': `
name: passing
escalation: {handler: fallback_workflow, workflow: triage, timeout: 3s}
steps: [{id: check, agent: Engineer, prompt: H-check}]
`,
  '.github/sluice/workflows/triage.yml': `
name: triage
steps: [{id: look, agent: Engineer, prompt: H-triage}]
`,
};

it('a fallback workflow starts once, though the process is killed before and while it takes over', async () => {
  const github = await startLocalGitHub({ files: FILES });
  const home = await makeHome({
    github,
    scenario: {
      prompts: [
        { match: '(?:^|\n)H-check', steps: [{ error: { message: 'broken' } }] },
        {
          match: '(?:^|\n)H-triage',
          steps: [
            { write: { path: 'a.txt', content: 'a\n' } },
            { delay: 1_000 },
            { text: 'Done.' },
          ],
        },
      ],
    },
  });
  try {
    let app = await spawnSluice(github, home);
    const { number } = await github.as('bob').createIssue({ title: 'Try', body: 'Please.' });
    await github.as('bob').label(number, 'sluice:passing');
    await eventually('a call for help', () => openGate(github, number));
    await app.kill();

    app = await spawnSluice(github, home);
    await headlineOn(github, number, 'handed over');
    await app.kill();

    app = await spawnSluice(github, home);
    await headlineOn(github, number, 'triage · done');
    await app.stop();
    expect(await ownComments(github, number, 'run')).toHaveLength(2);
    expect(github.branches().filter((name) => name.includes('-triage-'))).toHaveLength(1);
  } finally {
    await github.close();
    await home.remove();
  }
});
