import { expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, labelOn } from '#test/support/story/watch.ts';

const ASK = `
name: ask
steps:
  - {id: plan, agent: Planner, prompt: Plan it, requires_approval: true, approval: {approvers: {users: [bob]}}}
`;

const stage = useStage({ workflows: { ask: ASK }, env: { SLUICE_GATE_REMINDERS: '300ms, 4s' } });

it('a gate nobody decides is reminded of once each time, and the reminders fold away with it', async () => {
  const { number } = await stage.issue('Plan it');
  // GitHub creates the first reminder, and its answer to that is lost.
  const path = new RegExp(`/issues/${number}/comments$`);
  const create = { method: /POST/, path } as const;
  stage.github.faults.add({ kind: 'slow', ...create, milliseconds: 1, times: 2 });
  stage.github.faults.add({ kind: 'lost-reply', ...create });
  await stage.github.as('bob').label(number, 'sluice:ask');
  const gate = await gateOn(stage.github, number);

  const reminders = await eventually('two reminders', async () => {
    const found = await ownComments(stage.github, number, 'reminder');
    return found.length === 2 && found;
  });
  for (const { body } of reminders) {
    expect(body).toContain(`[gate G1](${gate.html_url})`);
    expect(body).toContain('@bob');
  }

  await stage.say('bob', number, '/approve');
  await labelOn(stage.github, number, 'sluice:done');
  const folded = await eventually('the reminders folded', async () => {
    const found = await ownComments(stage.github, number, 'reminder');
    return found.some(({ minimised }) => minimised !== null) && found;
  });
  expect(folded).toHaveLength(2);
  expect(stage.github.faults.pending).toEqual([]);
});
