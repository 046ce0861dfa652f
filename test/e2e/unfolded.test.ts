import { describe, expect, it } from 'vitest';
import { eventually } from '#test/support/eventually.ts';
import { openGate, ownComments } from '#test/support/story/gates.ts';
import { useStage } from '#test/support/story/use-stage.ts';
import { gateOn, headlineOn } from '#test/support/story/watch.ts';

const TWICE = `
name: twice
steps:
  - {id: plan, agent: Planner, prompt: Plan it, requires_approval: true}
  - {id: check, agent: Planner, prompt: Check it, depends_on: [plan], requires_approval: true}
`;

const stage = useStage({ workflows: { twice: TWICE } });

describe('a gate comment that GitHub does not let us fold', () => {
  it('is edited once, and neither keeps the next gate from being shown nor the run from ending', async () => {
    const { github } = stage;
    const { number } = await stage.issue('Never folded');
    github.faults.add({ kind: '422', method: /POST/, path: /\/graphql/, times: 100 });
    await github.as('bob').label(number, 'sluice:twice');
    const first = await gateOn(github, number);

    await stage.say('bob', number, '/approve');
    const second = await eventually('the second gate', async () => {
      const gate = await openGate(github, number);
      return gate?.id === first.id ? undefined : gate;
    });
    await stage.say('bob', number, '/approve');
    await headlineOn(github, number, 'done');
    await stage.calm();

    const edits = (id: number) =>
      github.requests.filter(
        ({ method, path }) => method === 'PATCH' && path.endsWith(`/issues/comments/${id}`),
      );
    expect(await ownComments(github, number, 'gate')).toHaveLength(2);
    expect([edits(first.id).length, edits(second.id).length]).toEqual([1, 1]);
    const folds = github.requests.filter(({ path }) => path.endsWith('/graphql'));
    expect(folds.length).toBeLessThanOrEqual(6);
    github.faults.clear();
  });
});
