import { describe, expect, it } from 'vitest';
import {
  agent,
  aPlan,
  aPolicy,
  approval,
  call,
  chain,
  edge,
  foreach,
  group,
  loop,
  on,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const resume = { type: 'run.resumed', by: 'bob', guidance: null, node: null } as const;

describe('resuming', () => {
  it.each([
    { name: 'a live run', play: (p: Player) => p, code: 'still-running' },
    { name: 'a run that succeeded', play: (p: Player) => p.finish('a'), code: 'nothing-to-resume' },
  ])('is refused for $name', ({ play, code }) => {
    const ready = play(new Player(aPlan({ nodes: [agent('a')] })).start());

    expect(ready.apply(resume).last.refusal?.code).toBe(code);
  });

  it('gives a failed step its advice and what went wrong', () => {
    const play = new Player(aPlan({ nodes: [agent('a')] })).start().finish('a', failed());

    play.apply({ ...resume, guidance: 'Use Node 24.' });

    expect(play.dispatched).toEqual(['a']);
    expect(play.state('a')).toMatchObject({
      visit: 2,
      attempt: 1,
      loopContext: {
        loop: 'resume',
        failures: ['It crashed.'],
        guidance: [{ by: 'bob', text: 'Use Node 24.' }],
      },
    });
  });

  const twoBranches = () =>
    new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c'), agent('d')],
        edges: [edge('a -> c'), edge('b -> c'), edge('b -> d')],
      }),
    )
      .start()
      .take('b')
      .finish('a', failed())
      .finish('b', failed());

  it('re-runs only the step that is named, and fails again because of the other', () => {
    const play = twoBranches().apply({ ...resume, node: 'b' });
    expect(play.dispatched).toEqual(['b']);
    expect(play.statuses('a', 'c', 'd')).toEqual({ a: 'failed', c: 'blocked', d: 'idle' });

    play.finishAll('b', 'd');

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'crashed' } });
    play.apply(resume).finishAll('a', 'c');
    expect(play.run.status).toBe('succeeded');
    expect(play.state('b').visit).toBe(2);
  });

  it('keeps blocked what waits for the other failure, whatever else is sent back', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('plan', { approval: aPolicy() }), agent('end')],
        edges: [edge('a -> end'), edge('plan -> end'), edge('b -> end')],
      }),
    )
      .start()
      .take('b')
      .finish('plan')
      .finish('a', failed())
      .finish('b', failed())
      .apply({ ...resume, node: 'b' });

    play.decide('revise', { text: 'Smaller.' });
    expect(play.status('end')).toBe('blocked');
    play.finishAll('b', 'plan').decide('approve');

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'crashed' } });
  });

  it('refuses a step that has not failed', () => {
    expect(twoBranches().apply({ ...resume, node: 'x' }).last.refusal?.code).toBe(
      'nothing-to-resume',
    );
  });

  it('starts what a cancel had stopped', () => {
    const play = new Player(aPlan({ nodes: [agent('a'), agent('b')], edges: chain('a', 'b') }))
      .start()
      .take('a')
      .apply({ type: 'run.cancelled', by: 'bob', reason: null });

    play.apply(resume);

    expect(play.dispatched).toEqual(['a']);
    expect(play.state('a').visit).toBe(2);
    expect(play.finishAll('a', 'b').run.status).toBe('succeeded');
  });

  it('starts a run that was cancelled before it began', () => {
    const play = new Player(aPlan({ nodes: [agent('a')] })).apply({
      type: 'run.cancelled',
      by: 'bob',
      reason: 'Wrong issue.',
    });
    expect(play.run).toMatchObject({ status: 'cancelled', reason: { message: 'Wrong issue.' } });

    expect(play.apply(resume).dispatched).toEqual(['a']);
  });

  it('opens a denied gate again, with the work kept', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('plan', { approval: aPolicy() }), agent('b')],
        edges: chain('plan', 'b'),
      }),
    )
      .start()
      .finish('plan')
      .decide('deny');

    play.apply(resume);

    expect(play.dispatched).toEqual([]);
    expect(play.status('plan')).toBe('awaiting-approval');
    expect(play.gates).toMatchObject([{ id: 'G2', node: 'plan', kind: 'approval' }]);
    expect(play.decide('approve').dispatched).toEqual(['b']);
  });

  it('opens the gate of a denied approval node again', () => {
    const play = new Player(aPlan({ nodes: [approval('ok'), agent('b')], edges: chain('ok', 'b') }))
      .start()
      .decide('deny')
      .apply(resume);

    expect(play.gates).toMatchObject([{ id: 'G2', node: 'ok' }]);
  });

  it('goes on waiting for a gate that another failure had closed', () => {
    const play = new Player(aPlan({ nodes: [agent('plan', { approval: aPolicy() }), agent('b')] }))
      .start()
      .finish('plan')
      .finish('b', failed());
    expect(play.run).toMatchObject({ status: 'failed', gates: [{ voidReason: 'drained' }] });

    play.apply(resume);

    expect(play.dispatched).toEqual(['b']);
    expect(play.gates).toMatchObject([{ id: 'G2', node: 'plan' }]);
  });

  it('gives a used-up loop its rounds back', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b')],
        edges: chain('a', 'b'),
        loops: [loop('l: b -> a', { max: 1, onExhaust: 'fail', stopOnNoProgress: false })],
      }),
    ).start();
    const no = done({ outcome: 'revise' });
    play.finish('a').finish('b', no).finish('a').finish('b', no);

    play.apply(resume).finish('b', no);

    expect(play.dispatched).toEqual(['a']);
  });

  it('grants the caps once more', () => {
    const caps = { visitsPerNode: 10, steps: 2, tokens: null, usd: null, wallMs: null };
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c')],
        edges: chain('a', 'b', 'c'),
        policies: { caps },
      }),
    )
      .start()
      .finishAll('a', 'b');
    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'step-cap' } });

    expect(play.apply(resume).dispatched).toEqual(['c']);
  });

  it('goes on inside a sub-workflow where it stopped', () => {
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner'), agent('ship')],
        edges: chain('build', 'ship'),
        graphs: { inner: { nodes: [agent('a'), agent('b')], edges: chain('a', 'b') } },
      }),
    )
      .start()
      .finish('build/a')
      .finish('build/b', failed());
    expect(play.run).toMatchObject({
      status: 'failed',
      reason: { message: 'build/b: It crashed.' },
    });

    play.apply(resume);

    expect(play.dispatched).toEqual(['build/b']);
    expect(play.finishAll('build/b', 'ship').run.status).toBe('succeeded');
    expect(play.state('build/a').visit).toBe(1);
    expect(play.state('build').visit).toBe(1);
  });

  it('re-runs only the failed members of a group, also when a minority was not enough', () => {
    const play = new Player(
      aPlan({
        nodes: [group('checks', 'inner', { completeWhen: 2 })],
        graphs: { inner: { nodes: [agent('a'), agent('b'), agent('c')] } },
      }),
    )
      .start()
      .finish('checks/a')
      .finish('checks/b', failed())
      .finish('checks/c', failed());
    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'not-enough-members' } });

    play.apply(resume);

    expect(play.dispatched).toEqual(['checks/b', 'checks/c']);
    expect(play.finish('checks/b').run.status).toBe('succeeded');
  });

  it('starts the items of a foreach that never had their turn', () => {
    const play = new Player(
      aPlan({
        nodes: [foreach('tasks', 'inner', { items: { type: 'list', items: ['x', 'y', 'z'] } })],
        graphs: { inner: { nodes: [agent('do')] } },
      }),
    )
      .start()
      .finish('tasks[0]/do')
      .finish('tasks[1]/do', failed());

    play.apply(resume);

    expect(play.dispatched).toEqual(['tasks[1]/do']);
    expect(play.finishAll('tasks[1]/do', 'tasks[2]/do').run.status).toBe('succeeded');
  });

  it('reaches a named step inside a member', () => {
    const play = new Player(
      aPlan({
        nodes: [call('one', 'inner'), call('two', 'inner')],
        graphs: { inner: { nodes: [agent('a')] } },
      }),
    )
      .start()
      .take('two/a')
      .finish('one/a', failed())
      .finish('two/a', failed());

    expect(play.apply({ ...resume, node: 'two/a' }).dispatched).toEqual(['two/a']);
    expect(play.status('one')).toBe('failed');
  });
});

describe('cancelling', () => {
  const running = () =>
    new Player(
      aPlan({
        nodes: [agent('a'), agent('b', { approval: aPolicy() }), agent('c')],
        edges: [edge('a -> c')],
      }),
    )
      .start()
      .take('a')
      .finish('b');

  it('stops what runs, closes the gates and settles once', () => {
    const play = running().apply({ type: 'run.cancelled', by: 'bob', reason: null });

    expect(play.stopped).toEqual(['a']);
    expect(play.statuses('a', 'b', 'c')).toEqual({
      a: 'cancelled',
      b: 'cancelled',
      c: 'cancelled',
    });
    expect(play.run).toMatchObject({
      status: 'cancelled',
      reason: { code: 'cancelled', message: 'Cancelled by bob.' },
      gates: [{ status: 'void', voidReason: 'cancelled' }],
    });
    expect(play.effects('settle')).toHaveLength(1);
  });

  it('is refused when the run is over', () => {
    const play = running().apply({ type: 'run.cancelled', by: 'bob', reason: null });

    play.apply({ type: 'run.cancelled', by: 'bob', reason: null });

    expect(play.last.refusal?.code).toBe('settled');
  });

  it('drops what stopped workers still report', () => {
    const play = running().apply({ type: 'run.cancelled', by: 'bob', reason: null });
    const before = play.run;

    play.apply({ type: 'node.finished', node: 'a', visit: 1, attempt: 1, result: done() });

    expect(play.run).toBe(before);
    expect(play.last.effects).toEqual([]);
  });

  it('reaches into members', () => {
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner')],
        graphs: { inner: { nodes: [agent('a'), agent('b')] } },
      }),
    )
      .start()
      .apply({ type: 'run.cancelled', by: 'bob', reason: null });

    expect(play.stopped).toEqual(['build/a', 'build/b']);
    expect(play.run.frames['build/']?.status).toBe('cancelled');
  });
});

describe('holding', () => {
  it('starts nothing until the hold is lifted', () => {
    const play = new Player(aPlan({ nodes: [agent('a'), agent('b')], edges: chain('a', 'b') }))
      .start()
      .apply({ type: 'run.held', by: 'bob' });

    play.finish('a');
    expect(play.status('b')).toBe('ready');

    expect(play.apply({ type: 'run.unheld', by: 'bob' }).dispatched).toEqual(['b']);
  });

  it('can be set before the run begins', () => {
    const play = new Player(aPlan({ nodes: [agent('a')] })).apply({ type: 'run.held', by: 'bob' });
    expect(play.run.status).toBe('queued');

    expect(play.start().dispatched).toEqual([]);
  });

  it('changes nothing the second time, and is refused when the run is over', () => {
    const play = new Player(aPlan({ nodes: [agent('a')] }))
      .start()
      .apply({ type: 'run.held', by: 'b' });
    const before = play.run;
    expect(play.apply({ type: 'run.held', by: 'b' }).run).toBe(before);

    play.apply({ type: 'run.cancelled', by: 'b', reason: null });
    expect(play.apply({ type: 'run.held', by: 'b' }).last.refusal?.code).toBe('settled');
    const over = play.run;
    expect(play.apply({ type: 'run.unheld', by: 'b' }).run).toBe(over);
  });
});

describe('a step whose way was taken back while it ran', () => {
  it('waits for the decision when the run is resumed, like anything that starts', () => {
    const play = new Player(
      aPlan({
        nodes: [
          agent('a', { approval: aPolicy() }),
          ...['b', 'join', 'next'].map((id) => agent(id)),
        ],
        edges: [edge('a -> join', on('revise')), edge('b -> join'), edge('a -> next')],
        policies: { maxParallel: 1 },
      }),
      { headSha: 'aaa' },
    )
      .start()
      .finishAll('a', 'b')
      .decide('approve')
      .take('join')
      .apply({ type: 'head.moved', headSha: 'bbb', by: 'mallory' })
      .finish('join', failed());
    expect(play.run.status).toBe('failed');

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });

    expect(play.dispatched).toEqual([]);
    expect(play.statuses('a', 'join', 'next')).toEqual({
      a: 'awaiting-approval',
      join: 'idle',
      next: 'idle',
    });
    expect(play.decide('approve').dispatched).toEqual(['join']);
  });
});

describe('a step that can only come after one that stays failed', () => {
  it('does not start, and the run has failed for the reason it had before', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a', { disposition: 'optional' }), agent('b'), agent('c', { join: 'any' })],
        edges: [edge('a -> c', on('revise')), edge('b -> c')],
        loops: [loop('again: c -> a', { trigger: on('ok'), max: 1 })],
      }),
    )
      .start()
      .finish('a', failed())
      .take('c')
      .finish('b', failed({ message: 'No way.' }))
      .finish('c', failed({ class: 'transient' }));
    expect(play.run.status).toBe('failed');

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: 'a' });
    play.finishAll('c', 'a');

    expect(play.run).toMatchObject({ status: 'failed', reason: { message: 'b: No way.' } });
    expect(play.statuses('a', 'b', 'c')).toEqual({ a: 'completed', b: 'failed', c: 'cancelled' });
  });
});
