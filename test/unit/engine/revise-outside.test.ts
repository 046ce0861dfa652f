import { describe, expect, it } from 'vitest';
import { Alive } from '#src/doctor/simulate/alive.ts';
import type { ForeachNode, PlanNode } from '#src/plan/plan.ts';
import {
  agent,
  aPlan,
  aPolicy,
  approval,
  call,
  chain,
  foreach,
  group,
} from '#test/support/engine/plan-builder.ts';
import { Player } from '#test/support/engine/player.ts';

const sendBack = aPolicy({ revise: { to: 'plan', max: 2 } });
const asked = [approval('ask', { subject: 'ask', approval: sendBack })];

function around(middle: PlanNode, nodes: readonly PlanNode[] = asked): Player {
  return new Player(
    aPlan({
      nodes: [agent('plan'), middle, agent('build')],
      edges: chain('plan', middle.id, 'build'),
      graphs: { inner: { nodes: [...nodes] } },
    }),
  )
    .start()
    .finish('plan');
}

const each = (items: ForeachNode['items'], patch: Partial<ForeachNode> = {}) =>
  around(foreach('gaps', 'inner', { items, ...patch }));
const list = (...items: readonly string[]) => ({ type: 'list', items }) as const;

describe('a gate inside a foreach', () => {
  it('names the item it is about, and the step around it that it sends back to', () => {
    const [gate] = each(list('No metrics.')).gates;

    expect(gate).toMatchObject({
      node: 'gaps[0]/ask',
      item: 'No metrics.',
      verdicts: ['approve', 'deny', 'revise'],
      revise: { to: 'plan', left: 2, max: 2 },
    });
  });

  it('goes back with the words to the step before the foreach, whose members are asked anew', () => {
    const play = each(list('a', 'b')).decide('approve');

    play.decide('revise', { text: 'Not without b.' });

    expect(play.dispatched).toEqual(['plan']);
    expect(play.gates).toEqual([]);
    expect(play.state('plan')).toMatchObject({
      visit: 2,
      loopContext: { loop: 'revise', guidance: [{ by: 'bob', text: 'Not without b.' }] },
    });
    expect(play.finish('plan').gates).toMatchObject([{ node: 'gaps[0]/ask', visit: 2 }]);
    expect(play.decide('approve').decide('approve').dispatched).toEqual(['build']);
  });

  it('takes the open questions about the other items with it', () => {
    const play = each(list('a', 'b'), { maxParallel: 2 });
    expect(play.gates).toHaveLength(2);

    play.decide('revise', { text: 'Again.' });

    expect(play.run.gates).toMatchObject([
      { status: 'decided' },
      { status: 'void', voidReason: 'superseded' },
    ]);
    expect(play.run.status).toBe('running');
    expect(play.finish('plan').gates).toHaveLength(2);
  });

  it('counts the rounds of each item', () => {
    const play = each(list('a'));
    const again = () => play.decide('revise', { text: 'Again.' });

    again().finish('plan');
    again().finish('plan');

    expect(again().last.refusal?.code).toBe('no-rounds-left');
  });

  it('asks nothing when there are no items', () => {
    expect(each(list()).dispatched).toEqual(['build']);
  });

  it('keeps what is not a text as JSON, and no more of it than people read', () => {
    const items = [{ gap: 'x'.repeat(3000) }];

    const [gate] = each({ type: 'list', items }).gates;

    expect(gate?.item).toHaveLength(2000);
    expect(gate?.item).toMatch(/^\{"gap":"xxx/);
  });

  it('makes the step around it one that may run again', () => {
    const play = each(list('a'));

    expect([...new Alive(play.plan, play.run).in('')]).toContain('plan');
  });
});

describe('a gate elsewhere', () => {
  it('inside a group inside a foreach sends back as far', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('plan'), foreach('gaps', 'outer', { items: list('a') })],
        edges: chain('plan', 'gaps'),
        graphs: { outer: { nodes: [group('both', 'inner')] }, inner: { nodes: [...asked] } },
      }),
    )
      .start()
      .finish('plan');
    expect(play.gates).toMatchObject([{ node: 'gaps[0]/both/ask', item: 'a' }]);

    expect(play.decide('revise', { text: 'Again.' }).dispatched).toEqual(['plan']);
  });

  it('in a called workflow does not send back into the caller, though the step is called so', () => {
    const [gate] = around(call('part', 'inner')).gates;

    expect(gate).toMatchObject({ node: 'part/ask', revise: null, verdicts: ['approve', 'deny'] });
    expect(gate?.item).toBeNull();
  });

  it('of a finaliser does not send back out of the finalisers', () => {
    const last = approval('last', { subject: 'last', approval: sendBack, finally: true });
    const play = around(group('both', 'inner'), [agent('work'), last]).finish('both/work');

    expect(play.gates).toMatchObject([{ node: 'both/last', revise: null }]);
  });
});
