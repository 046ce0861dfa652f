import { describe, expect, it } from 'vitest';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, labelOn } from '#test/support/story/watch.ts';

const ask = (name: string, approvers: string) => `
name: ${name}
steps:
  - id: plan
    agent: Planner
    prompt: Plan it
    requires_approval: true
    approval: {self_approve: if_alone, approvers: ${approvers}}
`;

const stage = useStage({
  workflows: {
    ask: ask('ask', '{role: write}'),
    'ask-admin': ask('ask-admin', '{role: admin}'),
    'ask-named': ask('ask-named', '{role: write, users: [bob, tess]}'),
  },
});

async function waiting(workflow: string, login = 'bob'): Promise<number> {
  const { number } = await stage.issue(`Plan ${workflow}`);
  await stage.github.as(login).label(number, `sluice:${workflow}`);
  await gateOn(stage.github, number);
  return number;
}

async function approve(login: string, issue: number): Promise<string> {
  const { reaction } = await stage.say(login, issue, '/approve');
  return reaction;
}

describe('a gate with `self_approve: if_alone`', () => {
  it('is not approved by who started the run while somebody else could', async () => {
    const issue = await waiting('ask');

    expect(await approve('bob', issue)).toBe('-1');
    expect((await stage.answers(issue))[0]).toContain("asks for somebody else's eyes");
    expect(await approve('maya', issue)).toBe('rocket');
  });

  it('is approved by them when the gate asks for a role nobody else has, and says so', async () => {
    const issue = await waiting('ask-admin', 'alice');

    expect(await approve('alice', issue)).toBe('rocket');

    await labelOn(stage.github, issue, 'sluice:done');
    const [gate] = await ownComments(stage.github, issue, 'gate');
    expect(gate?.body).toContain('Approved by alice, who started this run and is the only one');
  });

  it('is approved by them when the others it names may not', async () => {
    const issue = await waiting('ask-named');

    expect(await approve('bob', issue)).toBe('rocket');

    const other = await waiting('ask-named');
    stage.github.setRole('tess', 'write');
    expect(await approve('bob', other)).toBe('-1');
    stage.github.setRole('tess', 'triage');
  });

  it.each(['500', '404', 'reset'] as const)(
    'is not approved when GitHub does not tell who else there is: %s',
    async (kind) => {
      const issue = await waiting('ask-admin', 'alice');
      const list = { method: /GET/, path: /\/collaborators\?/ } as const;
      stage.github.faults.add({ kind, ...list, times: 10 });

      expect(await approve('alice', issue)).toBe('-1');

      stage.github.faults.clear();
      expect(await approve('alice', issue)).toBe('rocket');
    },
  );
});
