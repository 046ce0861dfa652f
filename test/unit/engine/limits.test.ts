import { describe, expect, it } from 'vitest';
import type { Budget, Caps } from '#src/plan/plan.ts';
import { agent, aPlan, aPolicy, chain, loop } from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const cost = (usd: number, tokens = 0) =>
  done({ usage: { inputTokens: tokens, outputTokens: 0, usd } });
const noCaps: Caps = { visitsPerNode: 10, steps: 99, tokens: null, usd: null, wallMs: null };
const dollar: Budget = { maxTokens: null, maxUsd: 1, alertPercent: [], onExceed: 'stop' };

const playedTimers = (play: Player) => play.effects('set-timer').map(({ timer }) => timer);

function chained(policies: object, nodes = [agent('a'), agent('b'), agent('c')]): Player {
  return new Player(aPlan({ nodes, edges: chain('a', 'b', 'c'), policies })).start();
}

describe('the budget of a run', () => {
  it('allows spending exactly the limit', () => {
    expect(chained({ budget: dollar }).finish('a', cost(1)).dispatched).toEqual(['b']);
  });

  it('ends the run before the next step when it is passed', () => {
    const play = chained({ budget: dollar }).finish('a', cost(1.01));

    expect(play.run).toMatchObject({
      status: 'failed',
      reason: { code: 'budget-exceeded', message: 'b: The run used $1.01 of $1.00.' },
    });
    expect(play.status('b')).toBe('cancelled');
  });

  it('does not spoil a run whose last step passed it', () => {
    const play = chained({ budget: dollar }).finishAll('a', 'b').finish('c', cost(5));

    expect(play.run.status).toBe('succeeded');
  });

  it('counts what failed attempts have cost', () => {
    const play = chained({ budget: dollar }, [agent('a', { retries: 1 }), agent('b'), agent('c')]);

    play.finish('a', { ...failed(), usage: { inputTokens: 0, outputTokens: 0, usd: 2 } });

    expect(play.run.reason?.code).toBe('budget-exceeded');
  });

  it('asks a person when it is to pause, and grants the same amount once more', () => {
    const play = chained({ budget: { ...dollar, onExceed: 'pause' } }).finish('a', cost(2));
    expect(play.gates).toMatchObject([
      {
        kind: 'budget',
        node: 'b',
        verdicts: ['approve', 'deny'],
        trigger: 'The run used $2.00 of $1.00.',
      },
    ]);
    expect(play.run.status).toBe('waiting');

    expect(play.decide('approve').dispatched).toEqual(['b']);
    expect(play.finish('b', cost(1)).dispatched).toEqual(['c']);
  });

  it('asks only once for steps that wait at the same time', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c')],
        edges: [...chain('a', 'b'), ...chain('a', 'c')],
        policies: { budget: { ...dollar, onExceed: 'pause' } },
      }),
    )
      .start()
      .finish('a', cost(2));
    expect(play.gates).toHaveLength(1);

    expect(play.decide('approve').dispatched).toEqual(['b', 'c']);
  });

  it('only tells when it is to alert', () => {
    const budget = { ...dollar, alertPercent: [50, 100], onExceed: 'alert-only' } as const;
    const play = chained({ budget }).finish('a', cost(0.6));
    expect(play.last.records.map(({ reasonCode }) => reasonCode)).toContain('50-percent');

    play.finish('b', cost(9));

    expect(play.last.records.map(({ reasonCode }) => reasonCode)).toContain('100-percent');
    expect(play.dispatched).toEqual(['c']);
  });

  it('tells people once, in the run, what share of it is used', () => {
    const play = chained({ budget: { ...dollar, alertPercent: [50] } }).finish('a', cost(0.6));

    play.finish('b', cost(0.1));

    expect(play.run.alerts).toEqual(['The run has used 50% of its budget.']);
  });

  it('tells people when it is passed, although no share of it was named', () => {
    const play = chained({ budget: { ...dollar, onExceed: 'alert-only' } }).finish('a', cost(2));

    expect(play.run.alerts).toEqual(['The run has used 100% of its budget.']);
  });

  it('counts tokens as well', () => {
    const budget = { ...dollar, maxUsd: null, maxTokens: 100 };

    expect(chained({ budget }).finish('a', cost(0, 101)).run.reason).toMatchObject({
      message: 'b: The run used 101 of 100 tokens.',
    });
  });
});

describe('the budget of a step', () => {
  const limited = (onExceed: Budget['onExceed']) =>
    chained({}, [agent('a', { budget: { ...dollar, onExceed } }), agent('b'), agent('c')]).finish(
      'a',
      cost(2),
    );

  it('fails the step', () => {
    expect(limited('stop').run).toMatchObject({
      status: 'failed',
      reason: { code: 'budget-exceeded', message: 'a: a used $2.00 of $1.00.' },
    });
  });

  it('asks before going on', () => {
    const play = limited('pause');
    expect(play.gates).toMatchObject([{ kind: 'budget', node: 'a', when: 'after' }]);

    expect(play.decide('approve').dispatched).toEqual(['b']);
  });

  it('asks for the approval of the step as well, of everyone it needs', () => {
    const approvers = { role: 'maintain', teams: [], users: [], count: 2 } as const;
    const play = chained({}, [
      agent('a', { budget: { ...dollar, onExceed: 'pause' }, approval: aPolicy({ approvers }) }),
      agent('b'),
      agent('c'),
    ]).finish('a', cost(2));
    expect(play.gates).toMatchObject([{ kind: 'budget', approvers: { count: 1 }, prompt: null }]);

    play.decide('approve');
    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ kind: 'approval', node: 'a', approvers: { count: 2 } }]);

    expect(play.decide('approve', { by: 'bob' }).dispatched).toEqual([]);
    expect(play.decide('approve', { by: 'carol' }).dispatched).toEqual(['b']);
  });

  it.each([
    { what: 'doubts its answer', answer: { confidence: 'low' }, kind: 'confidence' },
    {
      what: 'has questions',
      answer: { questions: [{ question: 'Which one?', options: [] }] },
      kind: 'question',
    },
  ] as const)('asks afterwards what it has to ask when the agent $what', ({ answer, kind }) => {
    const play = chained({}, [
      agent('a', { budget: { ...dollar, onExceed: 'pause' } }),
      agent('b'),
      agent('c'),
    ]).finish('a', { ...cost(2), ...answer });

    expect(play.decide('approve').gates).toMatchObject([{ kind, node: 'a' }]);
  });

  it('lets a stop point pass afterwards when the run has become autonomous meanwhile', () => {
    const play = new Player(
      aPlan({
        nodes: [
          agent('a', { budget: { ...dollar, onExceed: 'pause' }, stopPoint: true }),
          agent('plan', { stopPoint: true, approval: aPolicy({ batch: true }) }),
        ],
        edges: [],
      }),
    )
      .start()
      .finish('a', cost(2))
      .finish('plan')
      .decide('approve', { gate: 'G2' });

    expect(play.decide('approve', { gate: 'G1' }).run.status).toBe('succeeded');
  });

  it('grants the step its limit once more and the run nothing', () => {
    const play = chained({ budget: { ...dollar, maxUsd: 3 } }, [
      agent('a', { budget: { ...dollar, onExceed: 'pause' } }),
      agent('b'),
      agent('c'),
    ])
      .finish('a', cost(2))
      .decide('approve');

    expect(play.finish('b', cost(2)).run.reason?.message).toBe('c: The run used $4.00 of $3.00.');
  });

  it('counts a granted limit in later visits', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a', { budget: { ...dollar, onExceed: 'pause' } }), agent('b')],
        edges: chain('a', 'b'),
        loops: [loop('again: b -> a')],
      }),
    )
      .start()
      .finish('a', cost(1.5))
      .decide('approve')
      .finish('b', done({ outcome: 'revise' }));

    expect(play.finish('a', cost(0.5)).dispatched).toEqual(['b']);
    expect(play.finish('b', done({ outcome: 'revise' })).dispatched).toEqual(['a']);
    expect(play.finish('a', cost(0.5)).gates).toMatchObject([{ kind: 'budget', node: 'a' }]);
  });

  it('only tells when it is to alert', () => {
    const play = limited('alert-only');

    expect(play.dispatched).toEqual(['b']);
    expect(play.run.alerts).toEqual(['a has used 100% of its budget.']);
  });

  it('tells what share of it is used', () => {
    const budget = { ...dollar, alertPercent: [80], onExceed: 'stop' } as const;
    const play = chained({}, [agent('a', { budget }), agent('b'), agent('c')]);

    expect(play.finish('a', cost(0.9)).run.alerts).toEqual(['a has used 80% of its budget.']);
  });
});

describe('the caps of a run', () => {
  it.each([
    { caps: { usd: 1 }, result: cost(2), code: 'budget-exceeded' },
    { caps: { tokens: 10 }, result: cost(0, 11), code: 'budget-exceeded' },
    { caps: { steps: 1 }, result: cost(0), code: 'step-cap' },
  ])('stop it at $caps, with reason $code', ({ caps, result, code }) => {
    const play = chained({ caps: { ...noCaps, ...caps } }).finish('a', result);

    expect(play.run).toMatchObject({ status: 'failed', reason: { code } });
  });

  it('stop it after too much time at work, not after a long wait', () => {
    const play = chained({ caps: { ...noCaps, wallMs: 60_000 } });

    play.wait(30).finish('a');
    expect(play.dispatched).toEqual(['b']);
    play.wait(40).finish('b');

    expect(play.run.reason).toEqual({
      code: 'time-cap',
      message: 'c: The run worked for 1 minutes.',
    });
  });

  it('stop a step that works beyond the time, and the run with it', () => {
    const play = chained({ caps: { ...noCaps, wallMs: 3_600_000 } });
    const [timer] = playedTimers(play);

    play.wait(1_800).apply({ type: 'timer.fired', timer: timer ?? '' });
    expect(play.run.status).toBe('running');

    play.wait(1_800).apply({ type: 'timer.fired', timer: timer ?? '' });
    expect(play.stopped).toEqual(['a']);
    expect(play.run).toMatchObject({
      status: 'failed',
      reason: { code: 'time-cap', message: 'a: The run worked for 60 minutes.' },
    });
  });

  it('call a person after too much time when the workflow has somebody to call', () => {
    const play = chained({ caps: { ...noCaps, wallMs: 1_000 }, escalation: {} });
    const [timer] = playedTimers(play);

    play.wait(5).apply({ type: 'timer.fired', timer: timer ?? '' });

    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'time-cap' } });
  });

  it('count the time of work only, whenever the timer comes', () => {
    const play = chained({ caps: { ...noCaps, wallMs: 60_000 } }, [
      agent('a', { approval: aPolicy() }),
      agent('b'),
      agent('c'),
    ]);
    const [first] = playedTimers(play);
    play.wait(30).finish('a').wait(3_600);

    play.apply({ type: 'timer.fired', timer: first ?? '' });
    expect(play.run.status).toBe('waiting');

    const [second] = playedTimers(play.decide('approve'));
    expect(second).not.toBe(first);
    play.wait(20).apply({ type: 'timer.fired', timer: first ?? '' });
    expect(play.run.status).toBe('running');
    play.wait(20).apply({ type: 'timer.fired', timer: second ?? '' });
    expect(play.run.reason?.code).toBe('time-cap');
  });

  it('leave what runs after the end of the run alone', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('report', { finally: true })],
        policies: { caps: { ...noCaps, wallMs: 60_000 } },
      }),
    ).start();
    const [timer] = playedTimers(play);
    play.finish('a');

    play.wait(90).apply({ type: 'timer.fired', timer: timer ?? '' });

    expect(play.stopped).toEqual([]);
    expect(play.finish('report').run.status).toBe('succeeded');
  });

  it('are not lifted by granting the budget once more', () => {
    const play = chained({
      caps: { ...noCaps, usd: 3, steps: 2 },
      budget: { ...dollar, onExceed: 'pause' },
    })
      .finish('a', cost(2))
      .decide('approve');
    expect(play.dispatched).toEqual(['b']);

    const spent = play.finish('b', cost(0.5));
    expect(spent.run.reason?.code).toBe('step-cap');
  });

  it('end a run that has passed them while it waited for its budget', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c')],
        edges: chain('a', 'c'),
        policies: {
          caps: { ...noCaps, usd: 3 },
          budget: { ...dollar, onExceed: 'pause' },
        },
      }),
    )
      .start()
      .finish('a', cost(2));
    expect(play.gates).toMatchObject([{ kind: 'budget' }]);

    play.finish('b', cost(2));

    expect(play.decide('approve').run).toMatchObject({
      status: 'failed',
      reason: { message: 'c: The run used $4.00 of $3.00.' },
    });
  });

  it('are granted once more by a person who resumes the run', () => {
    const play = chained({ caps: { ...noCaps, usd: 1 } }).finish('a', cost(2));
    expect(play.run.status).toBe('failed');

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });

    expect(play.dispatched).toEqual(['b']);
  });

  it('cannot be lifted by the budget policy', () => {
    const play = chained({
      caps: { ...noCaps, usd: 1 },
      budget: { ...dollar, onExceed: 'alert-only' },
    });

    expect(play.finish('a', cost(2)).run.status).toBe('failed');
  });
});
