import { describe, expect, it } from 'vitest';
import { visibleOutputs } from '#src/engine/read/visible-outputs.ts';
import {
  agent,
  aPlan,
  aPolicy,
  call,
  chain,
  edge,
  loop,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const monitored = () =>
  new Player(
    aPlan({
      nodes: [
        agent('a'),
        agent('b'),
        agent('monitor', { finally: true }),
        agent('tidy', { finally: true }),
      ],
      edges: [...chain('a', 'b'), edge('b -> monitor'), edge('monitor -> tidy')],
    }),
  ).start();

describe('finalisers', () => {
  it('run after the run has its outcome, one after the other, and settle it', () => {
    const play = monitored().finish('a');
    expect(play.finish('b').dispatched).toEqual(['monitor']);
    expect(play.run).toMatchObject({ status: 'running', pendingOutcome: 'succeeded' });

    expect(play.finish('monitor').dispatched).toEqual(['tidy']);
    play.finish('tidy');

    expect(play.run).toMatchObject({ status: 'succeeded', pendingOutcome: null });
    expect(play.effects('settle')).toHaveLength(1);
  });

  it('run after a failure, which does not block them', () => {
    const play = monitored().finish('a', failed());

    expect(play.dispatched).toEqual(['monitor']);
    expect(play.finishAll('monitor', 'tidy').run.status).toBe('failed');
  });

  it('run after a cancel; a second cancel ends them, too', () => {
    const cancel = { type: 'run.cancelled', by: 'bob', reason: null } as const;
    const play = monitored().apply(cancel);
    expect(play.dispatched).toEqual(['monitor']);

    play.apply(cancel);

    expect(play.stopped).toEqual(['monitor']);
    expect(play.run.status).toBe('cancelled');
    expect(play.status('tidy')).toBe('cancelled');
  });

  it('do not run for a run that never began', () => {
    const play = new Player(aPlan({ nodes: [agent('a'), agent('m', { finally: true })] })).apply({
      type: 'run.cancelled',
      by: 'bob',
      reason: null,
    });

    expect(play.run.status).toBe('cancelled');
    expect(play.dispatched).toEqual([]);
  });

  it.each([
    { name: 'fail', result: failed() },
    { name: 'call a halt', result: done({ outcome: 'halt' }) },
    { name: 'want a revision', result: done({ outcome: 'revise' }) },
  ])('cannot change the outcome when they $name', ({ result }) => {
    const play = monitored().finishAll('a', 'b').finish('monitor', result);

    play.finish('tidy');

    expect(play.run.status).toBe('succeeded');
  });

  it('take no loops', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('m', { finally: true })],
        loops: [loop('l: m -> m')],
      }),
    )
      .start()
      .finish('a')
      .finish('m', done({ outcome: 'revise' }));

    expect(play.run.status).toBe('succeeded');
  });

  it('see the outputs of the whole run', () => {
    const play = monitored().finishAll('a', 'b');

    expect(visibleOutputs(play.plan, play.run, 'monitor').map(({ name }) => name)).toEqual([
      'a',
      'b',
    ]);
  });

  it('run although the budget is passed', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('m', { finally: true })],
        edges: chain('a', 'b'),
        policies: { budget: { maxTokens: null, maxUsd: 1, alertPercent: [], onExceed: 'stop' } },
      }),
    )
      .start()
      .finish('a', done({ usage: { inputTokens: 0, outputTokens: 0, usd: 9 } }));

    expect(play.dispatched).toEqual(['m']);
  });

  it('may ask, and a denial ends only them', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('m', { finally: true, approval: aPolicy({ when: 'before' }) })],
      }),
    )
      .start()
      .finish('a');
    expect(play.run).toMatchObject({ status: 'waiting', pendingOutcome: 'succeeded' });

    expect(play.decide('deny').run.status).toBe('succeeded');
  });

  it('belong to the graph they stand in', () => {
    const play = new Player(
      aPlan({
        nodes: [call('sub', 'inner'), agent('end')],
        edges: chain('sub', 'end'),
        graphs: { inner: { nodes: [agent('x'), agent('m', { finally: true })] } },
      }),
    ).start();

    expect(play.finish('sub/x').dispatched).toEqual(['sub/m']);
    expect(play.finish('sub/m').dispatched).toEqual(['end']);
  });

  it('run again at the end of a resumed run', () => {
    const play = monitored().finish('a', failed()).finishAll('monitor', 'tidy');

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });
    play.finishAll('a', 'b');

    expect(play.dispatched).toEqual(['monitor']);
    expect(play.state('monitor').visit).toBe(2);
  });
});
