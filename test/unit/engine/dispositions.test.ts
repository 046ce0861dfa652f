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

const handler = { handler: 'human', timeout_ms: 86_400_000 };

describe('a router without a default', () => {
  const says = (value: string) => ({ type: 'text', op: 'contains', value }) as const;
  const router = (patch: Partial<Parameters<typeof agent>[1]> = {}) =>
    new Player(
      aPlan({
        nodes: [agent('router', { mustRoute: true, ...patch }), agent('a'), agent('b'), agent('c')],
        edges: [
          edge('router -> a', says('left')),
          edge('router -> b', says('right')),
          edge('router -> c'),
        ],
      }),
    ).start();

  it('goes on where its answer says', () => {
    const play = router().finish('router', done({ text: 'Go left.' }));

    expect(play.dispatched).toEqual(['a', 'c']);
    expect(play.status('b')).toBe('pruned');
  });

  it('fails with the reason when its answer fits no route, whatever else depends on it', () => {
    const play = router().finish('router', done({ text: 'Straight.', headline: 'Straight on.' }));

    expect(play.statuses('router', 'a', 'b', 'c')).toEqual({
      router: 'failed',
      a: 'blocked',
      b: 'blocked',
      c: 'blocked',
    });
    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'no-route' } });
    expect(play.run.reason?.message).toBe(
      'router: No route fits this answer, and there is no default: Straight on. (routes: `a`, `b`)',
    );
  });

  it('asks a person when it is a checkpoint', () => {
    const play = router({ disposition: 'checkpoint' }).finish('router', done({ text: 'Hm.' }));

    expect(play.gates).toMatchObject([{ kind: 'checkpoint', node: 'router' }]);
  });
});

describe('an optional step', () => {
  it('may fail: the flow goes on without it', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a', { disposition: 'optional' }), agent('b')],
        edges: [edge('a -> b', on('ok'))],
      }),
    ).start();

    play.finish('a', failed());

    expect(play.state('a')).toMatchObject({ status: 'failed', forgiven: true });
    expect(play.dispatched).toEqual(['b']);
    expect(play.finish('b').run.status).toBe('succeeded');
  });

  const skippable = () =>
    new Player(
      aPlan({
        nodes: [agent('a'), agent('b', { disposition: 'optional' }), agent('c')],
        edges: chain('a', 'b', 'c'),
      }),
    ).start();

  it('can be skipped by a person while it runs', () => {
    const play = skippable().finish('a').take('b');

    play.apply({ type: 'node.waived', node: 'b', by: 'bob' });

    expect(play.stopped).toEqual(['b']);
    expect(play.status('b')).toBe('waived');
    expect(play.dispatched).toEqual(['c']);
  });

  it('can be skipped before its turn, and what follows still waits for what came before', () => {
    const play = skippable().apply({ type: 'node.waived', node: 'b', by: 'bob' });
    expect(play.status('c')).toBe('idle');

    play.finish('a');

    expect(play.state('b').reason).toEqual({ code: 'waived', message: 'Skipped by bob.' });
    expect(play.dispatched).toEqual(['c']);
  });

  it.each([
    { node: 'a', code: 'not-optional' },
    { node: 'x', code: 'no-such-node' },
  ])('is the only one that can be skipped, not $node', ({ node, code }) => {
    const play = skippable().apply({ type: 'node.waived', node, by: 'bob' });

    expect(play.last.refusal?.code).toBe(code);
  });

  it('cannot be skipped when it has ended', () => {
    const play = skippable().finishAll('a', 'b');

    expect(play.apply({ type: 'node.waived', node: 'b', by: 'bob' }).last.refusal?.code).toBe(
      'already-settled',
    );
    play.finish('c');
    expect(play.apply({ type: 'node.waived', node: 'b', by: 'bob' }).last.refusal?.code).toBe(
      'settled',
    );
  });
});

describe('a required step', () => {
  const parallel = (onFailure: 'drain' | 'cancel') =>
    new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c'), agent('d')],
        edges: [edge('a -> c'), edge('b -> d')],
        policies: { onFailure },
      }),
    ).start();

  it('lets what runs finish, but starts nothing new, when it fails', () => {
    const play = parallel('drain').take('b').finish('a', failed());
    expect(play.stopped).toEqual([]);
    expect(play.run).toMatchObject({ status: 'running', draining: true });

    play.finish('b');

    expect(play.statuses('b', 'c', 'd')).toEqual({ b: 'completed', c: 'blocked', d: 'cancelled' });
    expect(play.run.status).toBe('failed');
  });

  it('stops what runs, when the workflow says so', () => {
    const play = parallel('cancel').take('b').finish('a', failed());

    expect(play.stopped).toEqual(['b']);
    expect(play.run.status).toBe('failed');
  });

  it('calls a person when there is an escalation handler', () => {
    const play = new Player(aPlan({ nodes: [agent('a')], policies: { escalation: handler } }))
      .start()
      .finish('a', failed());

    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'crashed' } });
    expect(play.gates).toMatchObject([
      { kind: 'escalation', verdicts: ['retry', 'guide', 'override', 'deny'] },
    ]);
  });

  it.each([
    { outcome: 'revise', code: 'needs-revision', status: 'failed' },
    { outcome: 'stub', code: 'stub-detected', status: 'failed' },
    { outcome: 'redesign', code: 'needs-redesign', status: 'escalated' },
    { outcome: 'escalate', code: 'escalated', status: 'escalated' },
    { outcome: 'halt', code: 'halted', status: 'escalated' },
  ] as const)('ends the run as $status on an answer $outcome nobody takes up', (row) => {
    const play = new Player(aPlan({ nodes: [agent('a')] })).start();

    play.finish('a', done({ outcome: row.outcome }));

    expect(play.run).toMatchObject({ status: row.status, reason: { code: row.code } });
  });

  it.each(['revise', 'stub', 'redesign', 'escalate'] as const)(
    'follows a way that was written for the answer %s',
    (outcome) => {
      const play = new Player(
        aPlan({ nodes: [agent('a'), agent('b')], edges: [edge('a -> b', on(outcome))] }),
      ).start();

      expect(play.finish('a', done({ outcome })).dispatched).toEqual(['b']);
    },
  );

  it('follows an unconditional way on a revision, but not on a call for help', () => {
    const play = (outcome: 'revise' | 'escalate') =>
      new Player(aPlan({ nodes: [agent('a'), agent('b')], edges: chain('a', 'b') }))
        .start()
        .finish('a', done({ outcome }));

    expect(play('revise').dispatched).toEqual(['b']);
    expect(play('escalate').run.status).toBe('escalated');
  });

  it('halts although a way was written for it', () => {
    const play = new Player(
      aPlan({ nodes: [agent('a'), agent('b')], edges: [edge('a -> b', on('halt'))] }),
    ).start();

    expect(play.finish('a', done({ outcome: 'halt' })).run.status).toBe('escalated');
  });
});

describe('a checkpoint', () => {
  const stuck = () =>
    new Player(
      aPlan({
        nodes: [agent('build'), agent('test', { disposition: 'checkpoint' }), agent('ship')],
        edges: [edge('build -> test'), edge('test -> ship', on('ok'))],
        loops: [loop('fix: test -> build', { max: 0 })],
      }),
    )
      .start()
      .finish('build')
      .finish('test', done({ outcome: 'revise', headline: 'Red.' }));

  it('asks what to do instead of failing', () => {
    const play = stuck();

    expect(play.run.status).toBe('waiting');
    expect(play.gates).toMatchObject([{ kind: 'checkpoint', trigger: 'fix: 0 of 0 rounds used.' }]);
  });

  it('tries the same step again on retry, with a fresh loop', () => {
    const play = stuck().decide('retry');

    expect(play.dispatched).toEqual(['test']);
    expect(play.state('test').visit).toBe(2);
    expect(play.run.frames['']?.loops['fix']).toMatchObject({ count: 0, exhausted: null });
  });

  it('takes advice to where the loop would have gone back to', () => {
    const play = stuck().decide('guide', { text: 'Mock the clock.' });

    expect(play.dispatched).toEqual(['build']);
    expect(play.state('build').loopContext).toMatchObject({
      loop: 'guide',
      failures: ['Red.'],
      guidance: [{ by: 'bob', text: 'Mock the clock.' }],
    });
  });

  it('goes on as passed when a person overrides it, and writes that down', () => {
    const play = stuck().decide('override', { text: 'Known flake.' });

    expect(play.dispatched).toEqual(['ship']);
    expect(play.state('test').result).toMatchObject({
      outcome: 'ok',
      warnings: ['Overridden by bob: Known flake.'],
    });
  });

  it('ends the run when a person aborts', () => {
    expect(stuck().decide('deny').run).toMatchObject({
      status: 'failed',
      reason: { code: 'denied' },
    });
  });
});

describe('an escalated run', () => {
  const escalated = () =>
    new Player(
      aPlan({
        nodes: [
          agent('plan'),
          agent('build'),
          agent('test'),
          agent('ship'),
          agent('log', { finally: true }),
        ],
        edges: chain('plan', 'build', 'test', 'ship'),
        loops: [loop('fix: test -> build', { max: 1 })],
      }),
    )
      .start()
      .finishAll('plan', 'build')
      .finish('test', done({ outcome: 'revise' }))
      .finish('build')
      .finish('test', done({ outcome: 'revise', headline: 'Still red.' }))
      .finish('log');

  it('is over, but open to an answer', () => {
    const play = escalated();

    expect(play.run.status).toBe('escalated');
    expect(play.last.effects.map(({ type }) => type)).toContain('settle');
    expect(play.gates).toMatchObject([{ kind: 'escalation', node: 'test' }]);
  });

  it('goes on from the failed step on retry', () => {
    const play = escalated().decide('retry');

    expect(play.run).toMatchObject({ status: 'running', settledAt: null, reason: null });
    expect(play.dispatched).toEqual(['test']);
    expect(play.status('plan')).toBe('completed');
    expect(play.status('log')).toBe('idle');
  });

  it('takes advice back into the loop, whose counter starts anew', () => {
    const play = escalated().decide('guide', { text: 'Read the log.' });

    expect(play.dispatched).toEqual(['build']);
    expect(play.run.frames['']?.loops['fix']).toMatchObject({ count: 0, exhausted: null });
    play.finish('build').finish('test', done({ outcome: 'revise' }));
    expect(play.dispatched).toEqual(['build']);
  });

  it('goes on behind the step when it is overridden', () => {
    const play = escalated().decide('override', { text: 'Fine.' });

    expect(play.dispatched).toEqual(['ship']);
    expect(play.finish('ship').dispatched).toEqual(['log']);
    expect(play.finish('log').run.status).toBe('succeeded');
  });

  it('has failed when a person declines', () => {
    const play = escalated().decide('deny', { text: 'Give it up.' });

    expect(play.run).toMatchObject({
      status: 'failed',
      reason: { code: 'denied', message: 'test: Give it up.' },
    });
    expect(play.dispatched).toEqual([]);
  });

  it('can be cancelled, which closes the question', () => {
    const play = escalated().apply({ type: 'run.cancelled', by: 'bob', reason: null });

    expect(play.run.status).toBe('cancelled');
    expect(play.gates).toEqual([]);
  });

  it('stays so when nobody answers in time', () => {
    const play = new Player(aPlan({ nodes: [agent('a')], policies: { escalation: handler } }))
      .start()
      .finish('a', failed());
    const [open] = play.gates;
    expect(open?.expiresAt).not.toBeNull();

    play.wait(86_400).apply({ type: 'timer.fired', timer: `gate:${open?.id}` });

    expect(play.run).toMatchObject({ status: 'escalated', gates: [{ status: 'expired' }] });
    expect(play.decide('retry', { gate: open?.id ?? '' }).last.refusal?.code).toBe('expired');
  });
});

describe('a gate node', () => {
  const criteria = [
    { path: 'passed', op: 'equals', value: true },
    { path: 'coverage', op: 'min', value: 80 },
  ] as const;
  const tested = (patch = {}, loops = [loop('fix: coverage -> build')]) =>
    new Player(
      aPlan({
        nodes: [
          agent('build'),
          agent('test'),
          gate('coverage', 'test', { criteria, ...patch }),
          agent('ship'),
        ],
        edges: chain('build', 'test', 'coverage', 'ship'),
        loops,
      }),
    )
      .start()
      .finish('build');

  it('passes by data alone, without a worker', () => {
    const play = tested().finish('test', done({ data: { passed: true, coverage: 80 } }));

    expect(play.dispatched).toEqual(['ship']);
    expect(play.state('coverage').result?.headline).toBe('All 2 criteria hold.');
  });

  it('goes round its loop when it fails, with the criteria that do not hold', () => {
    const play = tested().finish('test', done({ data: { passed: true, coverage: 61 } }));

    expect(play.dispatched).toEqual(['build']);
    expect(play.state('build').loopContext?.failures).toEqual([
      '1 of 2 criteria fail: coverage is 61, expected min 80',
    ]);
  });

  it('uses the failures of what it judges to see progress', () => {
    const red = (...fingerprint: string[]) => done({ data: { passed: false }, fingerprint });
    const play = tested().finish('test', red('a', 'b')).finish('build').finish('test', red('a'));
    expect(play.dispatched).toEqual(['build']);

    play.finish('build').finish('test', red('b'));

    expect(play.run.reason?.code).toBe('no-progress');
  });

  it('fails although its way on has no condition', () => {
    const play = tested({}, []).finish('test', done({ data: {} }));

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'gate-failed' } });
    expect(play.status('ship')).toBe('blocked');
  });

  it('only warns when it is a warning', () => {
    const play = tested({ severity: 'warning' }, []).finish(
      'test',
      done({ data: { passed: true } }),
    );

    expect(play.dispatched).toEqual(['ship']);
    expect(play.state('coverage').result?.warnings).toEqual([
      'coverage: there is no field "coverage"',
    ]);
  });

  it('fails when what it judges gave no structured result', () => {
    expect(tested({}, []).finish('test').run.reason?.code).toBe('gate-failed');
  });

  it('waits for a person first, where one is asked', () => {
    const play = tested({ approval: aPolicy() }).finish(
      'test',
      done({ data: { passed: true, coverage: 99 } }),
    );

    expect(play.gates).toMatchObject([{ node: 'coverage' }]);
  });
});
