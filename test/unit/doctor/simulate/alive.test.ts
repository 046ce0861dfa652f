import { describe, expect, it } from 'vitest';
import { Alive } from '#src/doctor/simulate/alive.ts';
import { explore } from '#src/doctor/simulate/explore.ts';
import { agent, aPlan, auto, chain, group, loop } from '#test/support/engine/plan-builder.ts';
import { Player } from '#test/support/engine/player.ts';

describe('Alive', () => {
  it('is every step that has not ended, and what those can send back', () => {
    const nodes = ['plan', 'build', 'test', 'ship'].map((id) => auto(id));
    const edges = chain('plan', 'build', 'test', 'ship');
    const player = new Player(aPlan({ nodes, edges, loops: [loop('fix: test -> build')] }));

    player.start().finishAll('plan', 'build');
    const during = new Alive(player.plan, player.run).in('');
    player.finish('test');
    const after = new Alive(player.plan, player.run).in('');

    expect([...during].toSorted()).toEqual(['build', 'ship', 'test']);
    expect([...after]).toEqual(['ship']);
  });

  it('is everything inside a step that can be sent back', () => {
    const player = new Player(
      aPlan({
        nodes: [group('both', 'pair'), auto('test')],
        edges: chain('both', 'test'),
        loops: [loop('fix: test -> both')],
        graphs: { pair: { nodes: [agent('left'), agent('right')] } },
      }),
    );

    player.start().finishAll('both/left', 'both/right');

    expect([...new Alive(player.plan, player.run).in('both/')]).toEqual(['left', 'right']);
  });

  it('keeps the number of states from growing with the rounds of loops that are behind', () => {
    const stages = ['a', 'b', 'c', 'd', 'e'];
    const plan = aPlan({
      nodes: stages.map((id) => auto(id)),
      edges: chain(...stages),
      loops: stages.map((id) => loop(`${id}-again: ${id} -> ${id}`, { max: 2 })),
    });

    const { states, complete } = explore(plan, { bound: 3, maxStates: 10_000, params: {} });

    expect(complete).toBe(true);
    expect(states).toBeLessThan(stages.length * 20);
  });
});
