import { describe, expect, it } from 'vitest';
import type { PlanNode } from '#src/plan/plan.ts';
import { agent, aPlan, auto, chain } from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const one = (node: PlanNode = agent('build')) => new Player(aPlan({ nodes: [node] })).start();

describe('attempts of one node', () => {
  it('tries again as often as the step allows', () => {
    const play = one(agent('build', { retries: 2 })).finish('build', failed());
    expect(play.dispatched).toEqual(['build']);
    expect(play.state('build')).toMatchObject({ visit: 1, attempt: 2, retries: 1 });

    play.finish('build', failed()).finish('build', failed());

    expect(play.state('build')).toMatchObject({ status: 'failed', attempt: 3, retries: 2 });
    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'crashed' } });
  });

  it('gives a broken answer one more try although none is configured', () => {
    const broken = failed({ class: 'validation', reason: 'invalid-result' });
    const play = one().finish('build', broken);
    expect(play.dispatched).toEqual(['build']);

    expect(play.finish('build', broken).run.status).toBe('failed');
  });

  it('gives a deterministic step that ran out of time one more try, and an agent none', () => {
    const late = failed({ class: 'timeout', reason: 'timeout' });

    expect(one(auto('lint')).finish('lint', late).dispatched).toEqual(['lint']);
    expect(one().finish('build', late).run.status).toBe('failed');
  });

  it('waits longer each time the network fails, without using up retries', () => {
    const busy = failed({ class: 'transient', reason: 'rate-limit' });
    const play = one();
    const waits: number[] = [];

    for (let time = 0; time < 3; time += 1) {
      play.finish('build', busy);
      const [timer] = play.effects('set-timer');
      waits.push((Date.parse(timer?.at ?? '') - Date.parse(play.now)) / 1_000);
      play.wait(300).apply({ type: 'timer.fired', timer: timer?.timer ?? '' });
    }

    expect(waits).toEqual([120, 240, 300]);
    expect(play.state('build')).toMatchObject({ attempt: 4, retries: 0, transientTries: 3 });
    expect(play.finish('build', busy).run.status).toBe('failed');
  });

  it('waits as long as the provider asks for', () => {
    const play = one().finish('build', failed({ class: 'transient', retryAfterMs: 3_600_000 }));

    expect(Date.parse(play.state('build').notBefore ?? '') - Date.parse(play.now)).toBe(3_600_000);
    expect(play.run.status).toBe('running');
  });

  it.each(['policy', 'budget', 'configuration'] as const)('never repeats a %s failure', (kind) => {
    const play = one(agent('build', { retries: 3 })).finish('build', failed({ class: kind }));

    expect(play.run.status).toBe('failed');
  });

  it('starts a step again that its worker handed back, and counts nothing', () => {
    const play = one().take('build', 'commit-0');

    play.apply({ type: 'node.interrupted', node: 'build', visit: 1, attempt: 1, reason: 'stop' });

    expect(play.dispatched).toEqual(['build']);
    expect(play.state('build')).toMatchObject({
      attempt: 2,
      retries: 0,
      crashes: 0,
      interruptions: 1,
      snapshot: 'commit-0',
    });
  });

  it('gives a step up whose workers keep dying', () => {
    const play = one(agent('build', { retries: 5 }))
      .take('build')
      .take('build')
      .take('build');
    expect(play.state('build')).toMatchObject({ status: 'running', crashes: 2 });

    play.take('build');

    expect(play.run).toMatchObject({
      status: 'failed',
      reason: { code: 'interrupted-too-often' },
    });
  });

  it('takes the same start twice as one', () => {
    const play = one();
    const start = {
      type: 'node.started',
      node: 'build',
      visit: 1,
      execution: 'w1',
      snapshot: null,
    } as const;
    play.apply(start);
    const before = play.run;

    play.apply(start);

    expect(play.run).toBe(before);
    expect(play.last.effects).toEqual([]);
  });

  it('starts nothing for a job of an attempt that is over', () => {
    const play = one(agent('build', { retries: 1 })).finish('build', failed());
    const before = play.run;

    play.apply({
      type: 'node.started',
      node: 'build',
      visit: 1,
      execution: 'late',
      snapshot: null,
      attempt: 1,
    });

    expect(play.run).toBe(before);
  });

  it('names the worker without publishing anything', () => {
    const play = one().take('build');

    expect(play.state('build').execution).toBe('worker-1');
    expect(play.last.effects).toEqual([]);
  });

  it.each([
    { name: 'an older visit', visit: 0, attempt: 1 },
    { name: 'an older attempt', visit: 1, attempt: 0 },
    { name: 'an attempt that is still to come', visit: 1, attempt: 2 },
  ])('drops a result of $name', ({ visit, attempt }) => {
    const play = one().take('build');
    const before = play.run;

    play.apply({ type: 'node.finished', node: 'build', visit, attempt, result: done() });

    expect(play.run).toBe(before);
  });

  it.each(['nowhere', 'build/inside', 'x/y'])(
    'ignores events about the unknown node %s',
    (node) => {
      const play = one();
      const before = play.run;

      play
        .apply({ type: 'node.finished', node, visit: 1, attempt: 1, result: done() })
        .apply({ type: 'node.interrupted', node, visit: 1, attempt: 1, reason: '' })
        .apply({ type: 'node.started', node, visit: 1, execution: 'x', snapshot: null });

      expect(play.run).toBe(before);
    },
  );

  it('adds up what all attempts have cost', () => {
    const usage = { inputTokens: 10, outputTokens: 5, usd: 0.25 };
    const play = new Player(
      aPlan({ nodes: [agent('a', { retries: 1 }), agent('b')], edges: chain('a', 'b') }),
    )
      .start()
      .finish('a', { ...failed(), usage })
      .finish('a', done({ usage }));

    expect(play.state('a').usage).toEqual({ inputTokens: 20, outputTokens: 10, usd: 0.5 });
    expect(play.run.counters.usage).toEqual({ inputTokens: 20, outputTokens: 10, usd: 0.5 });
    expect(play.run.counters.steps).toBe(3);
  });

  it('keeps a headline to one line of 120 characters and sorts a fingerprint', () => {
    const play = one().finish(
      'build',
      done({ headline: 'x'.repeat(500), fingerprint: ['b', 'a'] }),
    );

    expect(play.state('build').result?.headline).toHaveLength(120);
    expect(play.state('build').result?.fingerprint).toEqual(['a', 'b']);
  });
});
