import { describe, expect, it } from 'vitest';
import {
  agent,
  aPlan,
  aPolicy,
  chain,
  edge,
  gate,
  loop,
  on,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

describe('worked checks of the execution model', () => {
  it('1: runs the join behind a router once, with the branch the router picked', () => {
    const picked = (is: string) => ({ type: 'text', op: 'contains', value: is }) as const;
    const play = new Player(
      aPlan({
        nodes: ['A', 'R', 'B', 'C', 'D'].map((id) => agent(id)),
        edges: [
          edge('A -> R'),
          edge('R -> B', picked('b please')),
          edge('R -> C', picked('c please')),
          edge('B -> D'),
          edge('C -> D'),
        ],
      }),
    ).start();

    play
      .finish('A')
      .finish('R', done({ text: 'B please' }))
      .finishAll('B', 'D');

    expect(play.status('C')).toBe('pruned');
    expect(play.state('D').visit).toBe(1);
    expect(play.run.status).toBe('succeeded');
  });
});
