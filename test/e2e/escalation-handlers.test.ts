import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { headlineOn, ownPulls, runIdOf } from '#test/support/story/watch.ts';

const workflow = (name: string, escalation: string): string => `
name: ${name}
escalation: {${escalation}}
steps:
  - {id: write, agent: Coder, prompt: "H-write {{ task }}"}
  - {id: check, agent: Engineer, prompt: H-check, depends_on: [write]}
`;

const stage = useStage({
  workflows: {
    closing: workflow('closing', 'handler: auto_close, timeout: 3s'),
    patient: workflow('patient', 'handler: auto_close, timeout: 1h'),
    passing: workflow('passing', 'handler: fallback_workflow, workflow: triage, timeout: 3s'),
    circling: workflow('circling', 'handler: fallback_workflow, workflow: circling, timeout: 3s'),
    triage:
      'name: triage\nsteps:\n  - {id: look, agent: Engineer, prompt: "H-triage {{ task }}"}\n',
  },
  prompts: [
    {
      match: 'H-write',
      steps: [{ write: { path: 'a.txt', content: 'a\n' } }, { text: 'Wrote it.' }],
    },
    { match: 'H-check', steps: [{ error: { message: 'the check broke' } }] },
    {
      match: 'H-triage (?<seen>[^]*)',
      steps: [{ write: { path: 'seen.txt', content: '${seen}' } }, { text: 'Took over.' }],
    },
  ],
});

async function started(name: string): Promise<number> {
  const { number } = await stage.issue(`Try ${name}`, 'Please make it right.');
  await stage.github.as('bob').label(number, `sluice:${name}`);
  return number;
}

const called = (issue: number) =>
  eventually('a call for help', () => openGate(stage.github, issue));

describe('a call for help that nobody answers', () => {
  it('auto_close ends the run, says so and closes its pull request; resuming opens it again', async () => {
    const issue = await started('closing');
    const gate = await called(issue);
    expect(gate.body).toContain('then the run ends and its pull request is closed');

    await headlineOn(stage.github, issue, 'closed: nobody answered its call for help');

    const pull = await eventually('a closed pull request', async () =>
      (await ownPulls(stage.github, issue)).find(({ state }) => state === 'closed'),
    );
    expect(pull.merged).not.toBe(true);
    const end = await eventually('word of it', async () =>
      (await ownComments(stage.github, issue, 'end')).find(({ body }) => body.includes('closed:')),
    );
    expect(end.body).toContain('Its pull request was closed; the branch stays.');

    await stage.github.as('bob').comment(issue, '/sluice resume');
    await eventually('the pull request open again', async () =>
      (await ownPulls(stage.github, issue)).some(({ state }) => state === 'open'),
    );
  });

  it('can be called off by the short form', async () => {
    const issue = await started('patient');
    await called(issue);

    const { reaction } = await stage.say('bob', issue, '/cancel');

    expect(reaction).toBe('rocket');
    await headlineOn(stage.github, issue, 'cancelled');
    expect(await openGate(stage.github, issue)).toBeUndefined();
  });

  it('fallback_workflow starts the other one on the same subject, once however often it is asked for', async () => {
    const issue = await started('passing');
    const gate = await called(issue);
    expect(gate.body).toContain('then the workflow `triage` takes over');

    const done = await headlineOn(stage.github, issue, 'triage · done');
    expect(done.body).toContain('started by bob in place of `passing`');
    const branch = stage.github.branches().find((name) => name.includes(`${issue}-triage-`)) ?? '';
    const seen = (await stage.github.fileAt(branch, 'seen.txt')) ?? '';
    expect(seen).toContain('Please make it right.');
    expect(seen).toMatch(
      /## What was tried before[^]*write, completed: Wrote it\.[^]*check, failed: /,
    );

    await stage.answers(issue);
    const runs = await ownComments(stage.github, issue, 'run');
    expect(runs.map(runIdOf)).toHaveLength(2);
    expect(runs[0]?.body).toContain('`triage` takes over');
  });

  it('a run that has taken over does not pass the work on again', async () => {
    const issue = await started('circling');

    await eventually('the end of it', async () =>
      (await stage.answers(issue)).find((text) => text.includes('has taken over')),
    );

    expect(await ownComments(stage.github, issue, 'run')).toHaveLength(2);
  });
});
