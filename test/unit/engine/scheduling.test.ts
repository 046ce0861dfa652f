import { describe, expect, it } from 'vitest';
import { isolatedCommits, workspaceFor } from '#src/engine/read/workspace-for.ts';
import {
  agent,
  aPlan,
  aPolicy,
  call,
  chain,
  foreach,
  group,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

describe('the worktree', () => {
  it('has many readers or one writer', () => {
    const play = new Player(
      aPlan({
        nodes: [
          agent('read-1', { workspace: 'read' }),
          agent('write-1', { workspace: 'write' }),
          agent('read-2', { workspace: 'read' }),
          agent('write-2', { workspace: 'write' }),
          agent('talk', { workspace: 'none' }),
        ],
      }),
    ).start();
    expect(play.dispatched).toEqual(['read-1', 'read-2', 'talk']);

    expect(play.finish('read-1').dispatched).toEqual([]);
    expect(play.finish('read-2').dispatched).toEqual(['write-1']);
    expect(play.finish('write-1').dispatched).toEqual(['write-2']);
  });

  it('is free while a writer waits for approval', () => {
    const play = new Player(
      aPlan({
        nodes: [
          agent('a', { workspace: 'write', approval: aPolicy() }),
          agent('b', { workspace: 'write' }),
        ],
      }),
    ).start();

    expect(play.finish('a').dispatched).toEqual(['b']);
  });

  it('is shared by members that do not ask for one of their own', () => {
    const play = new Player(
      aPlan({
        nodes: [group('both', 'inner')],
        graphs: {
          inner: {
            nodes: [agent('a', { workspace: 'write' }), agent('b', { workspace: 'write' })],
          },
        },
      }),
    ).start();

    expect(play.dispatched).toEqual(['both/a']);
    expect(play.finish('both/a').dispatched).toEqual(['both/b']);
  });
});

describe('isolated members', () => {
  const isolated = agent('do', { workspace: 'isolated' });

  const grouped = () =>
    new Player(
      aPlan({
        nodes: [group('parts', 'inner'), agent('outside', { workspace: 'write' })],
        graphs: {
          inner: {
            nodes: [
              agent('ui', { workspace: 'isolated' }),
              agent('api', { workspace: 'isolated' }),
            ],
          },
        },
      }),
    ).start();

  it('work at the same time, each in a tree of its own', () => {
    const play = grouped();

    expect(play.dispatched).toEqual(['parts/ui', 'parts/api', 'outside']);
    expect(workspaceFor(play.plan, play.run, 'parts/ui')).toEqual({
      tree: 'parts/ui',
      mode: 'write',
    });
    expect(workspaceFor(play.plan, play.run, 'outside')).toEqual({ tree: '', mode: 'write' });
  });

  it('are merged in declared order by a worker, alone in the worktree', () => {
    const play = grouped()
      .finish('parts/api', done({ commit: 'c-api' }))
      .finish('parts/ui', done({ commit: 'c-ui' }));
    expect(play.dispatched).toEqual([]);
    expect(play.state('parts')).toMatchObject({ status: 'ready', phase: 'merge' });

    play.finish('outside');

    expect(play.dispatched).toEqual(['parts']);
    expect(isolatedCommits(play.plan, play.run, 'parts')).toEqual([
      { tree: 'parts/ui', commit: 'c-ui' },
      { tree: 'parts/api', commit: 'c-api' },
    ]);
    expect(workspaceFor(play.plan, play.run, 'parts')).toEqual({ tree: '', mode: 'write' });
    play.finish('parts', done({ commit: 'merged', headSha: 'merged' }));
    expect(play.run).toMatchObject({ status: 'succeeded', headSha: 'merged' });
    expect(play.state('parts').result?.data).toMatchObject({ members: { ui: { outcome: 'ok' } } });
  });

  it('end in a redesign when they do not fit together', () => {
    const play = grouped()
      .finish('outside')
      .finish('parts/api', done({ commit: 'c1' }))
      .finish('parts/ui', done({ commit: 'c2' }));

    play.finish('parts', done({ outcome: 'redesign', headline: 'Conflict in a.ts.' }));

    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'needs-redesign' } });
  });

  it('are merged again after a worker failed to, without doing the work again', () => {
    const play = grouped()
      .finish('outside')
      .finish('parts/api', done({ commit: 'c1' }))
      .finish('parts/ui', done({ commit: 'c2' }));
    play.finish('parts', failed());
    expect(play.run.status).toBe('failed');

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });

    expect(play.dispatched).toEqual(['parts']);
    expect(play.finish('parts').run.status).toBe('succeeded');
    expect(play.state('parts/ui').visit).toBe(1);
  });

  it('need no merge when they changed nothing', () => {
    const play = grouped().finishAll('outside', 'parts/ui', 'parts/api');

    expect(play.run.status).toBe('succeeded');
  });

  it('leave out what a member committed that failed afterwards', () => {
    const tokens = { inputTokens: 5, outputTokens: 0, usd: null };
    const budget = { maxTokens: 1, maxUsd: null, alertPercent: [], onExceed: 'stop' } as const;
    const play = new Player(
      aPlan({
        nodes: [group('parts', 'inner', { onMemberFailure: 'continue' })],
        graphs: {
          inner: {
            nodes: [
              agent('ui', { workspace: 'isolated', budget }),
              agent('api', { workspace: 'isolated' }),
              call('docs', 'docs', { budget }),
            ],
          },
          docs: { nodes: [agent('write', { workspace: 'isolated' })] },
        },
      }),
    )
      .start()
      .finish('parts/ui', done({ commit: 'c-ui', usage: tokens }))
      .finish('parts/docs/write', done({ commit: 'c-docs', usage: tokens }))
      .finish('parts/api', done({ commit: 'c-api' }));

    expect(play.statuses('parts/ui', 'parts/docs')).toEqual({
      'parts/ui': 'failed',
      'parts/docs': 'failed',
    });
    expect(isolatedCommits(play.plan, play.run, 'parts')).toEqual([
      { tree: 'parts/api', commit: 'c-api' },
    ]);
  });

  it('share one tree per item of a foreach', () => {
    const play = new Player(
      aPlan({
        nodes: [
          foreach('tasks', 'task', { items: { type: 'list', items: [1, 2] }, maxParallel: 2 }),
        ],
        graphs: {
          task: { nodes: [isolated, call('check', 'check')], edges: chain('do', 'check') },
          check: { nodes: [agent('look', { workspace: 'read' }), isolated] },
        },
      }),
    ).start();
    expect(play.dispatched).toEqual(['tasks[0]/do', 'tasks[1]/do']);

    play.finish('tasks[0]/do', done({ commit: 'c1' }));

    expect(play.dispatched).toEqual(['tasks[0]/check/look']);
    expect(workspaceFor(play.plan, play.run, 'tasks[0]/check/look').tree).toBe('tasks[0]/');
    play.finish('tasks[0]/check/look').finish('tasks[0]/check/do', done({ commit: 'c2' }));
    expect(isolatedCommits(play.plan, play.run, 'tasks')).toEqual([
      { tree: 'tasks[0]/', commit: 'c2' },
    ]);
  });

  it('write in the shared tree when no group or foreach isolates them', () => {
    const play = new Player(
      aPlan({ nodes: [isolated, agent('b', { workspace: 'write' })] }),
    ).start();

    expect(play.dispatched).toEqual(['do']);
    expect(isolatedCommits(play.plan, play.run, 'do')).toEqual([]);
    expect(workspaceFor(play.plan, play.run, 'unknown')).toEqual({ tree: '', mode: 'none' });
    expect(isolatedCommits(play.plan, play.run, 'unknown')).toEqual([]);
  });
});

describe('limits on how much runs at a time', () => {
  const three = [agent('a'), agent('b'), agent('c')];

  it('hold for the whole run', () => {
    const play = new Player(aPlan({ nodes: three, policies: { maxParallel: 2 } })).start();

    expect(play.dispatched).toEqual(['a', 'b']);
    expect(play.finish('a').dispatched).toEqual(['c']);
  });

  it('hold for one graph', () => {
    const play = new Player(aPlan({ nodes: three, maxParallel: 1 })).start();

    expect(play.dispatched).toEqual(['a']);
  });

  it('hold for a group, and the smaller one counts', () => {
    const play = (maxParallel: number | null, inner: number | null) =>
      new Player(
        aPlan({
          nodes: [group('g', 'inner', { maxParallel })],
          graphs: { inner: { nodes: three, maxParallel: inner } },
        }),
      ).start().dispatched;

    expect(play(2, null)).toEqual(['g/a', 'g/b']);
    expect(play(2, 1)).toEqual(['g/a']);
    expect(play(null, 2)).toEqual(['g/a', 'g/b']);
  });

  it('leave room while a step waits for a person', () => {
    const nodes = [agent('a', { approval: aPolicy() }), agent('b')];
    const play = new Player(aPlan({ nodes, maxParallel: 1 })).start();

    expect(play.finish('a').dispatched).toEqual(['b']);
  });
});

describe('time at work', () => {
  it('counts while at least one step works and not while people think', () => {
    const play = new Player(
      aPlan({ nodes: [agent('a', { approval: aPolicy() }), agent('b')], edges: chain('a', 'b') }),
    ).start();
    expect(play.run.workSince).toBe(play.now);

    play.wait(10).finish('a');
    expect(play.run).toMatchObject({ workSince: null, counters: { workMs: 12_000 } });

    play.wait(3_600).decide('approve').wait(5).finish('b');
    expect(play.run.counters.workMs).toBe(19_000);
  });
});
