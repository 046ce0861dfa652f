import { describe, expect, it } from 'vitest';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOn } from '#test/support/story/watch.ts';

const BROKEN = { error: { code: -32_000, message: 'the model lost its mind' } };

const held = (name: string, approvers: string) => `
name: ${name}
steps:
  - id: shaky
    agent: Engineer
    prompt: Shaky ${name}
    checkpoint: true
    retries: 0${approvers}
`;

const stage = useStage({
  workflows: {
    failing: 'name: failing\nsteps:\n  - {id: build, agent: Engineer, prompt: Fail, retries: 0}\n',
    held: held('held', ''),
    guarded: held(
      'guarded',
      '\n    requires_approval: true\n    approval: {approvers: {role: maintain}}',
    ),
  },
  prompts: [
    { match: '(?:^|\n)Fail', steps: [BROKEN] },
    { match: '(?:^|\n)Shaky', steps: [BROKEN] },
  ],
});

describe('/retry at a gate', () => {
  it('is refused to who started another run of the thread and may do nothing else', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Two runs');
    await github.as('bob').label(number, 'sluice:held');
    const gate = await gateOn(github, number);
    await github.as('maya').label(number, 'sluice:failing');
    await headlineOn(github, number, 'failed at build');
    github.setRole('maya', 'read');

    const { reaction } = await stage.say('maya', number, '/retry');

    github.setRole('maya', 'maintain');
    expect(reaction).toBe('-1');
    expect((await gateOn(github, number)).id).toBe(gate.id);
  });

  it('is refused to who may write when the gate names others', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Hold guarded');
    await github.as('maya').label(number, 'sluice:guarded');
    const gate = await gateOn(github, number);

    const refused = await stage.say('bob', number, '/retry');
    const still = await gateOn(github, number);
    const taken = await stage.say('maya', number, '/retry');

    expect(refused.reaction).toBe('-1');
    expect(still.id).toBe(gate.id);
    expect(taken.reaction).toBe('eyes');
  });

  it('settles the gate of a run for who started it, and may only read by now', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Hold held');
    await github.as('bob').label(number, 'sluice:held');
    await gateOn(github, number);
    github.setRole('bob', 'read');

    const { reaction } = await stage.say('bob', number, '/retry shaky');

    github.setRole('bob', 'write');
    expect(reaction).toBe('eyes');
  });
});
