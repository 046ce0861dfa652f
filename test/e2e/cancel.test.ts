import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { agentProcesses, runsWithWorktree } from '#test/support/story/machine.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { headlineOn, labelOn, newestCheck, ownPulls, runIdOf } from '#test/support/story/watch.ts';

const ENDLESS = `
name: endless
steps:
  - id: think
    agent: Planner
    prompt: Never end
`;

const HALF_WAY = `
name: half-way
steps:
  - id: sketch
    agent: Engineer
    prompt: Sketch {{ task }}
  - id: think
    agent: Planner
    depends_on: [sketch]
    prompt: Never end
`;

const stage = useStage({
  workflows: { endless: ENDLESS, 'half-way': HALF_WAY },
  prompts: [
    { match: '(?:^|\n)Never end', steps: [{ text: 'I am thinking.' }, { hang: true }] },
    {
      match: '(?:^|\n)Sketch',
      steps: [{ write: { path: 'sketch.txt', content: 'a sketch\n' } }, { text: 'Sketched.' }],
    },
  ],
});

async function start(workflow: string): Promise<number> {
  const { number } = await stage.issue(`Cancel ${workflow}`);
  await stage.github.as('bob').label(number, `sluice:${workflow}`);
  return number;
}

describe('/cancel while an agent works', () => {
  it('ends the agent at once and leaves nothing behind on the machine', async () => {
    const { github, home } = stage;
    const issue = await start('endless');
    await eventually('an agent at work', async () => (await agentProcesses(home)).length > 0);
    await labelOn(github, issue, 'sluice:running');

    const { reaction } = await stage.say('bob', issue, '/cancel wrong issue');

    const run = await headlineOn(github, issue, 'cancelled by bob: wrong issue');
    await eventually('no agent', async () => (await agentProcesses(home)).length === 0);
    await eventually(
      'no worktree',
      async () => !(await runsWithWorktree(home)).includes(runIdOf(run)),
    );
    await eventually('no label', () => github.labels(issue).length === 0);
    expect(reaction).toBe('rocket');
    expect(await ownPulls(github, issue)).toEqual([]);
    expect(await github.checkRuns('main')).toEqual([]);
    expect(await ownComments(github, issue, 'end')).toEqual([]);
  });

  it('closes the check and keeps the branch, where there is one', async () => {
    const { github } = stage;
    const issue = await start('half-way');
    const pull = await eventually('a pull request', async () => (await ownPulls(github, issue))[0]);
    await headlineOn(github, issue, 'step 2 of 2');

    await stage.say('bob', issue, '/cancel');

    await headlineOn(github, issue, 'cancelled by bob');
    await eventually('a cancelled check', async () => {
      const check = await newestCheck(github, pull.head.ref);
      return check?.conclusion === 'cancelled';
    });
    expect(await github.fileAt(pull.head.ref, 'sketch.txt')).toBe('a sketch\n');
    expect((await github.pull(pull.number)).draft).toBe(true);
  });

  it('may be done by taking the label off', async () => {
    const { github, home } = stage;
    const issue = await start('endless');
    await labelOn(github, issue, 'sluice:running');

    await github.as('bob').unlabel(issue, 'sluice:running');

    await headlineOn(github, issue, 'cancelled by bob');
    await eventually('no agent', async () => (await agentProcesses(home)).length === 0);
    expect(github.labels(issue)).toEqual([]);
  });

  it('is not for everybody', async () => {
    const { github } = stage;
    const issue = await start('endless');
    await labelOn(github, issue, 'sluice:running');

    const { reaction } = await stage.say('rita', issue, '/cancel');

    expect(reaction).toBe('-1');
    expect(github.labels(issue)).toEqual(['sluice:running']);
    await stage.say('maya', issue, '/cancel');
    await headlineOn(github, issue, 'cancelled by maya');
  });

  it('says so when there is nothing to cancel, and makes room for a new run', async () => {
    const { github } = stage;
    const issue = await start('endless');
    await labelOn(github, issue, 'sluice:running');
    await stage.say('bob', issue, '/cancel');
    await headlineOn(github, issue, 'cancelled');

    const again = await stage.say('bob', issue, '/sluice cancel');
    const fresh = await stage.say('bob', issue, '/sluice run endless');

    expect([again.reaction, fresh.reaction]).toEqual(['confused', 'eyes']);
    await labelOn(github, issue, 'sluice:running');
    await stage.say('bob', issue, '/cancel');
    await eventually('two cancelled runs', async () => {
      const runs = await ownComments(github, issue, 'run');
      return runs.filter(({ body }) => body.includes('cancelled by bob')).length === 2;
    });
  });
});
