import { describe, expect, it } from 'vitest';
import { countDone, workRows } from '#src/render/comment/step-rows.ts';
import {
  agent,
  aPlan,
  aPolicy,
  call,
  chain,
  foreach,
  noop,
} from '#test/support/engine/plan-builder.ts';
import { Player } from '#test/support/engine/player.ts';

describe('workRows', () => {
  it('counts steps, with members instead of the node they belong to', () => {
    const play = new Player(
      aPlan({
        nodes: [noop('start'), agent('a'), call('build', 'inner'), foreach('tasks', 'inner')],
        edges: [...chain('start', 'a'), ...chain('a', 'build'), ...chain('a', 'tasks')],
        graphs: { inner: { nodes: [agent('x', { approval: aPolicy() }), agent('y')] } },
      }),
    ).start();
    const keys = () => workRows(play.plan, play.run).map(({ key }) => key);
    const done = () => countDone(workRows(play.plan, play.run));

    expect([keys(), done()]).toEqual([['a', 'build/x', 'build/y', 'tasks'], 0]);

    play.finish('a').finish('build/x').finish('build/y');

    expect([keys(), done()]).toEqual([['a', 'build/x', 'build/y', 'tasks'], 3]);
  });

  it('counts the items of a foreach once they are known', () => {
    const play = new Player(
      aPlan({
        nodes: [
          foreach('tasks', 'task', { items: { type: 'list', items: [1, 2] }, maxParallel: 2 }),
        ],
        graphs: { task: { nodes: [agent('do')] } },
      }),
    ).start();

    expect(workRows(play.plan, play.run)).toHaveLength(2);
  });
});
