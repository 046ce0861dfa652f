import { describe, expect, it } from 'vitest';
import { visibleOutputs } from '#src/engine/read/visible-outputs.ts';
import { isSettled } from '#src/engine/state/is-settled.ts';
import { nodeAt } from '#src/engine/state/node-at.ts';
import { openGates } from '#src/engine/state/open-gates.ts';
import { orderedNodes } from '#src/engine/state/ordered-nodes.ts';
import { RUN_STATUSES } from '#src/engine/state/run.ts';
import {
  agent,
  aPlan,
  aPolicy,
  call,
  chain,
  edge,
  foreach,
  group,
  loop,
  on,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const names = (play: Player, key: string) =>
  visibleOutputs(play.plan, play.run, key).map(({ name }) => name);

describe('visible outputs', () => {
  it('are those upstream of a node, in plan order', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('side'), agent('c')],
        edges: [...chain('a', 'b', 'c')],
      }),
    )
      .start()
      .finishAll('side', 'a', 'b');

    expect(names(play, 'c')).toEqual(['a', 'b']);
    expect(names(play, 'b')).toEqual(['a']);
    expect(names(play, 'unknown')).toEqual([]);
    expect(names(play, 'no/such')).toEqual([]);
  });

  it('are only those a node asks for by name, from anywhere', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('side'), agent('c', { inputs: ['a', 'side'] })],
        edges: chain('a', 'b', 'c'),
      }),
    )
      .start()
      .finishAll('side', 'a', 'b');

    expect(names(play, 'c')).toEqual(['a', 'side']);
  });

  it('leave out what a dead way would have given', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c'), agent('d')],
        edges: [edge('a -> b'), edge('a -> c', on('redesign')), edge('b -> d'), edge('c -> d')],
      }),
    )
      .start()
      .finishAll('a', 'b');

    expect(names(play, 'd')).toEqual(['a', 'b']);
  });

  it('give the later of two nodes that write the same output', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a', { output: 'doc' }), agent('b', { output: 'doc' }), agent('c')],
        edges: chain('a', 'b', 'c'),
      }),
    )
      .start()
      .finish('a');
    expect(visibleOutputs(play.plan, play.run, 'c')).toMatchObject([{ name: 'doc', node: 'a' }]);

    play.finish('b');

    expect(visibleOutputs(play.plan, play.run, 'c')).toMatchObject([{ name: 'doc', node: 'b' }]);
  });

  it('include what the caller sees, which an own output hides', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('plan'), call('sub', 'inner')],
        edges: [...chain('a', 'sub'), ...chain('plan', 'sub')],
        graphs: { inner: { nodes: [agent('plan'), agent('x')], edges: chain('plan', 'x') } },
      }),
    )
      .start()
      .finishAll('a', 'plan', 'sub/plan');

    expect(
      visibleOutputs(play.plan, play.run, 'sub/x').map(({ name, node }) => [name, node]),
    ).toEqual([
      ['plan', 'sub/plan'],
      ['a', 'a'],
    ]);
  });

  it('spread what a group and an unnamed call have made', () => {
    const inner = { nodes: [agent('x'), agent('y')] };
    const play = new Player(
      aPlan({
        nodes: [group('g', 'inner', { output: 'both' }), call('c', 'other'), agent('end')],
        edges: chain('g', 'c', 'end'),
        graphs: {
          inner,
          other: { nodes: [agent('z'), agent('w')], returns: { best: 'z', lost: 'q' } },
        },
      }),
    )
      .start()
      .finishAll('g/x', 'g/y', 'c/z', 'c/w');

    expect(visibleOutputs(play.plan, play.run, 'end')).toMatchObject([
      { name: 'x', node: 'g/x' },
      { name: 'y', node: 'g/y' },
      { name: 'both', node: 'g', parts: [{ name: 'x' }, { name: 'y' }] },
      { name: 'best', node: 'c/z' },
    ]);
  });

  it('are empty but there for a step that was waived or failed although optional', () => {
    const optional = { disposition: 'optional' } as const;
    const play = new Player(
      aPlan({
        nodes: [agent('a', optional), agent('b', optional), agent('c')],
        edges: [edge('a -> c'), edge('b -> c')],
      }),
    )
      .start()
      .finish('a', failed())
      .apply({ type: 'node.waived', node: 'b', by: 'bob' });

    expect(visibleOutputs(play.plan, play.run, 'c')).toMatchObject([
      { name: 'a', empty: true },
      { name: 'b', empty: true },
    ]);
  });
});

describe('ordered nodes', () => {
  const nested = () =>
    new Player(
      aPlan({
        nodes: [
          agent('plan'),
          call('build', 'inner'),
          foreach('tasks', 'task', { items: { type: 'list', items: [1, 2] } }),
          agent('end'),
        ],
        edges: [...chain('plan', 'build', 'end'), ...chain('plan', 'tasks', 'end')],
        loops: [loop('again: end -> build')],
        graphs: {
          inner: { nodes: [agent('x'), group('g', 'deep')] },
          deep: { nodes: [agent('y')] },
          task: { nodes: [agent('do')] },
        },
      }),
    ).start();

  it('list planned members before they exist, and real ones afterwards', () => {
    const play = nested();
    const shape = () =>
      orderedNodes(play.plan, play.run).map(({ key, depth, member }) => [key, depth, member]);

    expect(shape()).toEqual([
      ['plan', 0, null],
      ['build', 0, null],
      ['build/x', 1, null],
      ['build/g', 1, null],
      ['build/g/y', 2, null],
      ['tasks', 0, null],
      ['end', 0, null],
    ]);

    play.finish('plan').finish('tasks[0]/do');

    expect(shape().slice(5)).toEqual([
      ['tasks', 0, null],
      ['tasks[0]/do', 1, 0],
      ['tasks[1]/do', 1, 1],
      ['end', 0, null],
    ]);
  });

  it('tell what runs side by side and what a loop comes back to', () => {
    const rows = orderedNodes(nested().plan, nested().run);

    expect(rows.filter(({ parallel }) => parallel).map(({ key }) => key)).toEqual([
      'build',
      'build/x',
      'build/g',
      'tasks',
    ]);
    expect(rows.find(({ key }) => key === 'build')).toMatchObject({
      loop: { id: 'again', count: 0, max: 3 },
      composite: true,
    });
  });
});

describe('small questions about a run', () => {
  const play = new Player(
    aPlan({ nodes: [agent('a', { approval: aPolicy() }), agent('b', { approval: aPolicy() })] }),
  )
    .start()
    .finish('a', done())
    .finish('b')
    .decide('approve', { gate: 'G1' });

  it('names the gates that are open', () => {
    expect(openGates(play.run).map(({ id }) => id)).toEqual(['G2']);
  });

  it('finds a node by its key', () => {
    expect(nodeAt(play.plan, play.run, 'b')).toMatchObject({
      node: { id: 'b' },
      state: { status: 'awaiting-approval' },
      frame: { graph: 'main' },
    });
    expect(nodeAt(play.plan, play.run, 'c')).toBeNull();
    expect(nodeAt(play.plan, play.run, 'x/b')).toBeNull();
  });

  it('knows which statuses are final', () => {
    expect(RUN_STATUSES.filter(isSettled)).toEqual([
      'succeeded',
      'failed',
      'escalated',
      'cancelled',
      'expired',
    ]);
  });
});
