import { describe, expect, it } from 'vitest';
import { BASE } from '#src/engine/read/member-trees.ts';
import { visibleOutputs } from '#src/engine/read/visible-outputs.ts';
import { workspaceFor } from '#src/engine/read/workspace-for.ts';
import type { Loop } from '#src/plan/plan.ts';
import type { PlanParts } from '#test/support/engine/plan-builder.ts';
import {
  agent,
  aPlan,
  aPolicy,
  approval,
  auto,
  call,
  chain,
  edge,
  foreach,
  gate,
  group,
  loop,
  noop,
  on,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const revise = (patch = {}) => done({ outcome: 'revise', headline: 'Not yet.', ...patch });

function twoSteps(patch: Partial<Loop> = {}, parts: Partial<PlanParts> = {}): Player {
  return new Player(
    aPlan({
      nodes: [agent('write'), agent('check'), agent('ship')],
      edges: chain('write', 'check', 'ship'),
      loops: [loop('again: check -> write', patch)],
      ...parts,
    }),
  ).start();
}

describe('loops', () => {
  it('takes outputs of the reset steps out of sight and hands the failing answer to the target', () => {
    const play = twoSteps().finish('write', done({ headline: 'First draft.' }));

    play.finish('check', revise());

    expect(play.state('write')).toMatchObject({
      visit: 2,
      result: null,
      loopContext: {
        loop: 'again',
        iteration: 1,
        max: 3,
        failures: ['Not yet.'],
        previousAttempts: [{ visit: 1, headline: 'First draft.' }],
        source: { node: 'check', visit: 1 },
      },
    });
    expect(visibleOutputs(play.plan, play.run, 'check')).toEqual([]);
  });

  it('escalates when the limit is used up', () => {
    const play = twoSteps({ max: 1 }).finish('write').finish('check', revise());

    play.finish('write').finish('check', revise());

    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'loop-exhausted' } });
    expect(play.run.frames['']?.loops['again']?.exhausted).toBe('loop-exhausted');
  });

  it('fails without a question when it says so', () => {
    const play = twoSteps({ max: 0, onExhaust: 'fail' }).finish('write').finish('check', revise());

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'loop-exhausted' } });
    expect(play.gates).toEqual([]);
  });

  it('goes on with a warning when it says so, as if the step had passed', () => {
    const play = twoSteps(
      { max: 0, onExhaust: 'continue' },
      { edges: [edge('write -> check'), edge('check -> ship', on('ok'))] },
    ).finish('write');

    play.finish('check', revise());

    expect(play.dispatched).toEqual(['ship']);
    expect(play.state('check').result?.warnings).toEqual(['again: 0 of 0 rounds used.']);
  });

  it('counts a smaller set of failures as progress, and the same number as none', () => {
    const play = twoSteps()
      .finish('write')
      .finish('check', revise({ fingerprint: ['a', 'b'] }));

    play.finish('write').finish('check', revise({ fingerprint: ['c'] }));
    expect(play.status('write')).toBe('running');

    play.finish('write').finish('check', revise({ fingerprint: ['d'] }));
    expect(play.run.reason?.code).toBe('no-progress');
  });

  it('goes on without progress when nobody asked to stop then', () => {
    const play = twoSteps({ stopOnNoProgress: false }).finish('write');
    play.finish('check', revise({ fingerprint: ['a'] }));

    play.finish('write').finish('check', revise({ fingerprint: ['a'] }));

    expect(play.status('write')).toBe('running');
  });

  it('stops when the rounds have cost more than the ceiling', () => {
    const usage = { inputTokens: 0, outputTokens: 0, usd: 0.6 };
    const play = twoSteps({ costCeilingUsd: 1, max: 9 }).finish('write', done({ usage }));
    play.finish('check', revise({ usage }));

    play.finish('write', done({ usage })).finish('check', revise({ usage }));

    expect(play.run.frames['']?.loops['again']?.usd).toBeCloseTo(1.2);
    expect(play.run.reason?.code).toBe('loop-cost');
  });

  it('waits for the cool-down before the next round', () => {
    const play = twoSteps({ cooldownMs: 60_000 }).finish('write').finish('check', revise());

    expect(play.status('write')).toBe('ready');
    const [timer] = play.effects('set-timer');
    expect(timer?.timer).toBe('node:write@2.1');

    play.apply({ type: 'timer.fired', timer: 'node:write@2.1' });
    expect(play.dispatched).toEqual([]);

    play.wait(60).apply({ type: 'timer.fired', timer: 'node:write@2.1' });
    expect(play.dispatched).toEqual(['write']);
  });

  it('goes back to the commit the target had started from when it rewinds', () => {
    const play = twoSteps({ workspace: 'rewind' });
    play.take('write', 'commit-1');
    const { visit, attempt } = play.state('write');
    play.apply({ type: 'node.finished', node: 'write', visit, attempt, result: done() });

    play.finish('check', revise());

    expect(play.state('write')).toMatchObject({
      snapshot: 'commit-1',
      loopContext: { workspace: 'rewind' },
    });
  });

  it.each([
    group('target', 'inner'),
    call('target', 'inner'),
    foreach('target', 'inner', { items: { type: 'list', items: [1] } }),
    gate('target', 'write'),
    noop('target'),
    approval('target', { subject: 'write' }),
  ])('has a worker take the files back before a target that is a $kind goes on', (target) => {
    const play = new Player(
      aPlan({
        nodes: [
          agent('write', { workspace: 'write' }),
          target,
          agent('build', { workspace: 'write' }),
        ],
        edges: chain('write', 'target', 'build'),
        loops: [loop('again: build -> target', { workspace: 'rewind' })],
        graphs: { inner: { nodes: [agent('work', { workspace: 'write' })] } },
      }),
    )
      .start()
      .finish('write', done({ commit: 'c1', headSha: 'c1' }));
    const goThrough = (): void => {
      if (play.gates.length > 0) play.decide('approve');
      const [work] = play.dispatched;
      if (work !== 'build') play.finish(work ?? '', done({ commit: 'c2', headSha: 'c2' }));
    };
    goThrough();

    play.finish('build', { ...revise(), commit: 'c3', headSha: 'c3' });

    expect(play.dispatched).toEqual(['target']);
    expect(play.state('target').snapshot).toBe('c1');
    expect(workspaceFor(play.plan, play.run, 'target')).toEqual({ tree: '', mode: 'write' });
    play.finish('target', done({ commit: 'c4', headSha: 'c4' }));
    goThrough();
    expect(play.finish('build').run.status).toBe('succeeded');
  });

  it('takes the files back to where the run began when nothing was committed before', () => {
    const play = new Player(
      aPlan({
        nodes: [noop('target'), agent('build', { workspace: 'write' })],
        edges: chain('target', 'build'),
        loops: [loop('again: build -> target', { workspace: 'rewind' })],
      }),
    ).start();

    play.finish('build', { ...revise(), commit: 'c1', headSha: 'c1' });

    expect(play.dispatched).toEqual(['target']);
    expect(play.state('target').snapshot).toBe(BASE);
    expect(play.finish('target', failed()).run.reason?.code).toBe('crashed');
  });

  it('asks for consent to what follows and not to taking the files back', () => {
    const play = new Player(
      aPlan({
        nodes: [
          group('target', 'inner', { consent: aPolicy() }),
          agent('build', { workspace: 'write' }),
        ],
        edges: chain('target', 'build'),
        loops: [loop('again: build -> target', { workspace: 'rewind' })],
        graphs: { inner: { nodes: [agent('work')] } },
      }),
    )
      .start()
      .decide('approve')
      .finish('target/work')
      .finish('build', { ...revise(), commit: 'c1', headSha: 'c1' });

    play.finish('target', done({ commit: 'c2', headSha: 'c2' }));

    expect(play.gates).toMatchObject([{ kind: 'consent', node: 'target' }]);
    expect(play.decide('approve').dispatched).toEqual(['target/work']);
  });

  it('keeps the worktree otherwise', () => {
    const play = twoSteps().take('write', 'commit-1').finish('write').finish('check', revise());

    expect(play.state('write').snapshot).toBeNull();
  });

  it('stops running members of a reset and ignores what they report later', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('build'), agent('docs'), agent('test')],
        edges: [edge('build -> docs'), edge('build -> test')],
        loops: [loop('fix: test -> build')],
      }),
    )
      .start()
      .finish('build')
      .take('docs')
      .finish('test', revise());
    expect(play.stopped).toEqual(['docs']);

    const before = play.run;
    play.apply({ type: 'node.finished', node: 'docs', visit: 1, attempt: 1, result: done() });

    expect(play.run).toBe(before);
    expect(play.state('docs')).toMatchObject({ status: 'idle', visit: 2 });
  });

  it('never visits a node more often than the cap, whatever the loops allow', () => {
    const caps = { visitsPerNode: 3, steps: 100, tokens: null, usd: null, wallMs: null };
    const play = twoSteps({ max: 50 }, { policies: { caps } });

    for (let round = 0; round < 3; round += 1) play.finish('write').finish('check', revise());

    expect(play.state('write').visit).toBe(3);
    expect(play.run.reason?.code).toBe('visit-cap');
  });

  it('keeps a step that is done once and for all, and opens its ways again when its turn comes', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('build'), agent('announce', { once: true }), agent('test')],
        edges: chain('build', 'announce', 'test'),
        loops: [loop('fix: test -> build')],
      }),
    )
      .start()
      .finishAll('build', 'announce')
      .finish('test', revise());
    expect(play.dispatched).toEqual(['build']);
    expect(play.status('announce')).toBe('completed');

    play.finish('build');

    expect(play.dispatched).toEqual(['test']);
    expect(play.state('announce').visit).toBe(1);
  });

  it('leaves a first-come join alone that another way had opened', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c'), agent('any', { join: 'any' })],
        edges: [edge('a -> b'), edge('b -> any'), edge('c -> any')],
        loops: [loop('fix: b -> a')],
      }),
    )
      .start()
      .finishAll('c', 'any', 'a');

    play.finish('b', revise());

    expect(play.state('any')).toMatchObject({ status: 'completed', visit: 1 });
  });

  it('runs a first-come join again that the reset way had opened', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('any', { join: 'any' }), agent('end')],
        edges: [edge('a -> any'), edge('b -> any'), edge('any -> end')],
        loops: [loop('fix: end -> a')],
      }),
    )
      .start()
      .finishAll('a', 'b', 'any')
      .finish('end', revise());
    expect(play.dispatched).toEqual(['a']);

    play.finish('a');

    expect(play.dispatched).toEqual(['any']);
    expect(play.state('any').visit).toBe(2);
  });

  it('lets the target wait for its own turn when a first-come join was faster', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('slow'), agent('fast'), agent('a'), agent('any', { join: 'any' })],
        edges: [edge('slow -> a'), edge('a -> any'), edge('fast -> any')],
        loops: [loop('fix: any -> a')],
      }),
    )
      .start()
      .finish('fast')
      .finish('any', revise());

    expect(play.dispatched).toEqual([]);
    expect(play.status('a')).toBe('idle');
    expect(play.finish('slow').dispatched).toEqual(['a']);
    expect(play.finish('a').dispatched).toEqual(['any']);
  });

  it('lets a loop heal a step that failed, not only one that said no', () => {
    const play = twoSteps().finish('write');

    play.finish('check', {
      status: 'failed',
      failure: { class: 'execution', reason: 'exit-1', message: 'Exit 1.', retryAfterMs: null },
      usage: { inputTokens: 0, outputTokens: 0, usd: null },
      text: 'Exit 1.',
    });

    expect(play.dispatched).toEqual(['write']);
    expect(play.state('write').loopContext?.failures).toEqual(['Exit 1.']);
  });

  it('goes on without a step that keeps failing when its used-up loop says so', () => {
    const play = twoSteps({ max: 0, onExhaust: 'continue' }).finish('write');

    play.finish('check', failed());

    expect(play.state('check')).toMatchObject({ status: 'failed', forgiven: true });
    expect(play.finish('ship').run.status).toBe('succeeded');
  });

  it('escalates a step that keeps failing when its loop is used up', () => {
    const play = twoSteps({ max: 0 }).finish('write').finish('check', failed());

    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'loop-exhausted' } });
  });

  it('does not send a blocked guardrail or a missing configuration round a loop', () => {
    const play = twoSteps().finish('write');

    play.finish('check', {
      status: 'failed',
      failure: { class: 'policy', reason: 'guardrail-blocked', message: 'rm', retryAfterMs: null },
      usage: { inputTokens: 0, outputTokens: 0, usd: null },
      text: '',
    });

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'guardrail-blocked' } });
  });

  it('takes no agent that ran out of time for one that found faults', () => {
    const late = failed({ class: 'timeout', reason: 'timeout', message: 'Too long.' });

    const play = twoSteps().finish('write').finish('check', late);

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'timeout' } });
  });

  it('takes no group for faulty because one of its agents ran out of time', () => {
    const late = failed({ class: 'timeout', reason: 'timeout', message: 'Too long.' });
    const play = new Player(
      aPlan({
        nodes: [agent('write'), group('checks', 'inner')],
        edges: chain('write', 'checks'),
        loops: [loop('again: checks -> write')],
        graphs: { inner: { nodes: [agent('look')] } },
      }),
    ).start();

    play.finish('write').finish('checks/look', late);

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'timeout' } });
  });

  it('lets a command that never ends be repaired like any that fails', () => {
    const late = failed({ class: 'timeout', reason: 'timeout' });
    const play = twoSteps({}, { nodes: [agent('write'), auto('check'), agent('ship')] });

    play.finish('write').finish('check', late).finish('check', late);

    expect(play.dispatched).toEqual(['write']);
  });

  it('counts rounds of an inner loop afresh for each round of the outer one', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('plan'), agent('build'), agent('test'), agent('review')],
        edges: chain('plan', 'build', 'test', 'review'),
        loops: [loop('inner: test -> build', { max: 1 }), loop('outer: review -> plan')],
      }),
    ).start();
    play.finishAll('plan', 'build').finish('test', revise()).finishAll('build', 'test');

    play.finish('review', revise());
    play.finishAll('plan', 'build').finish('test', revise());

    expect(play.dispatched).toEqual(['build']);
    expect(play.run.frames['']?.loops).toMatchObject({ inner: { count: 1 }, outer: { count: 1 } });
  });
});
