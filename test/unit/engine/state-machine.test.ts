import { describe, expect, it } from 'vitest';
import { visibleOutputs } from '#src/engine/read/visible-outputs.ts';
import type { Condition } from '#src/plan/condition.ts';
import type { Edge, PlanNode } from '#src/plan/plan.ts';
import { ABORT, COMPLETE } from '#src/plan/plan.ts';
import { agent, aPlan, call, loop, on } from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const says = (value: string): Condition => ({ type: 'text', op: 'contains', value });
const always: Condition = { type: 'always' };
const move = (from: string, to: string, when: Condition = always): Edge => ({
  id: `${from}=>${to}`,
  from,
  to,
  when,
});
const signals = (...nodes: readonly PlanNode[]) =>
  nodes.map((node) => ({ ...node, join: 'signal' as const }));

const machine = (parts = {}) =>
  new Player(
    aPlan({
      mode: 'state-machine',
      nodes: signals(agent('plan'), agent('code'), agent('review')),
      edges: [
        move('plan', 'code'),
        move('code', 'review'),
        move('review', COMPLETE, says('approved')),
        move('review', 'code', says('fix')),
        move('review', ABORT, says('hopeless')),
      ],
      ...parts,
    }),
  ).start();

describe('a state machine', () => {
  it('starts with its first node and moves one token along', () => {
    const play = machine();
    expect(play.dispatched).toEqual(['plan']);

    expect(play.finish('plan').dispatched).toEqual(['code']);
    expect(play.state('code').signalledBy).toEqual({ node: 'plan', visit: 1 });
  });

  it('enters a node anew each time a transition names it', () => {
    const play = machine().finishAll('plan', 'code');

    play.finish('review', done({ text: 'Please fix it.', headline: 'Two bugs.' }));

    expect(play.dispatched).toEqual(['code']);
    expect(play.state('code')).toMatchObject({
      visit: 2,
      signalledBy: { node: 'review', visit: 1 },
      loopContext: { failures: ['Two bugs.'], previousAttempts: [{ visit: 1 }] },
    });
  });

  it.each(['rewind', 'keep'] as const)(
    'remembers where the files stood for a loop with `workspace: %s`',
    (workspace) => {
      const play = machine({ loops: [loop('fixes: review -> code', { workspace })] })
        .finish('plan', done({ commit: 'c1', headSha: 'c1' }))
        .take('code', 'c1')
        .finish('code', done({ commit: 'c2', headSha: 'c2' }));

      play.finish('review', done({ text: 'Please fix it.' }));

      expect(play.state('code')).toMatchObject({
        snapshot: workspace === 'rewind' ? 'c1' : null,
        loopContext: { workspace },
      });
    },
  );

  it('shows every standing output, wherever the token has been', () => {
    const play = machine()
      .finishAll('plan', 'code')
      .finish('review', done({ text: 'fix' }));

    expect(visibleOutputs(play.plan, play.run, 'code').map(({ name }) => name)).toEqual([
      'plan',
      'review',
    ]);
  });

  it('takes the first transition that matches', () => {
    const play = machine().finishAll('plan', 'code');

    expect(play.finish('review', done({ text: 'approved after a fix' })).run.status).toBe(
      'succeeded',
    );
  });

  it('succeeds at its end and leaves what was not needed alone', () => {
    const play = machine({
      nodes: signals(agent('plan'), agent('never')),
      edges: [move('plan', COMPLETE), move('never', COMPLETE)],
    }).finish('plan');

    expect(play.run.status).toBe('succeeded');
    expect(play.status('never')).toBe('pruned');
  });

  it('fails when it aborts itself, and tries the aborting step again on resume', () => {
    const play = machine()
      .finishAll('plan', 'code')
      .finish('review', done({ text: 'hopeless', headline: 'Wrong repository.' }));
    expect(play.run).toMatchObject({
      status: 'failed',
      reason: { code: 'aborted', message: 'review: Wrong repository.' },
    });

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });

    expect(play.dispatched).toEqual(['review']);
  });

  it('fails when no transition matches', () => {
    const play = machine()
      .finishAll('plan', 'code')
      .finish('review', done({ text: 'hm' }));

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'no-match' } });
  });

  it('stops when a node was visited too often', () => {
    const caps = { visitsPerNode: 3, steps: 99, tokens: null, usd: null, wallMs: null };
    const play = machine({ policies: { caps } }).finishAll('plan', 'code');

    for (let round = 0; round < 2; round += 1) {
      play.finish('review', done({ text: 'fix' })).finish('code');
    }
    play.finish('review', done({ text: 'fix' }));

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'visit-cap' } });
  });

  it('counts a transition that is a declared loop, and calls a person when it is used up', () => {
    const play = machine({ loops: [loop('rework: review -> code', { max: 1 })] }).finishAll(
      'plan',
      'code',
    );
    const fix = done({ text: 'fix' });

    play.finish('review', fix);
    expect(play.state('code').loopContext).toMatchObject({ loop: 'rework', iteration: 1, max: 1 });
    play.finish('code').finish('review', fix);

    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'loop-exhausted' } });
    play.decide('guide', { text: 'Try B.' });
    expect(play.dispatched).toEqual(['code']);
  });

  it('looks for another transition when a used-up loop says to continue', () => {
    const play = machine({
      edges: [
        move('plan', 'code'),
        move('code', 'review'),
        move('review', 'code', says('fix')),
        move('review', COMPLETE),
      ],
      loops: [loop('rework: review -> code', { max: 0, onExhaust: 'continue' })],
    }).finishAll('plan', 'code');

    expect(play.finish('review', done({ text: 'fix' })).run.status).toBe('succeeded');
  });

  it('halts on an answer that says so, unless a transition expects it', () => {
    const halt = done({ outcome: 'halt' });
    expect(machine().finish('plan', halt).run.status).toBe('escalated');

    const expected = machine({
      nodes: signals(agent('plan'), agent('help')),
      edges: [move('plan', 'help', on('halt')), move('help', COMPLETE)],
    });
    expect(expected.finish('plan', halt).dispatched).toEqual(['help']);
  });

  it('passes the token on when an optional node fails', () => {
    const play = machine({
      nodes: signals(agent('plan', { disposition: 'optional' }), agent('code'), agent('review')),
    });

    expect(play.finish('plan', failed()).dispatched).toEqual(['code']);
  });

  it('does not let anybody skip a node, because only an answer moves the token', () => {
    const play = machine({
      nodes: signals(agent('plan', { disposition: 'optional' }), agent('code'), agent('review')),
    }).apply({ type: 'node.waived', node: 'plan', by: 'bob' });

    expect(play.last.refusal?.code).toBe('not-optional');
  });

  it('follows a passing way when a person overrides a node that is at its limit', () => {
    const caps = { visitsPerNode: 1, steps: 99, tokens: null, usd: null, wallMs: null };
    const play = machine({
      nodes: signals(agent('plan', { disposition: 'checkpoint' })),
      edges: [move('plan', 'plan', says('again')), move('plan', COMPLETE, says('never'))],
      policies: { caps },
    }).finish('plan', done({ text: 'again' }));
    expect(play.gates).toMatchObject([{ kind: 'checkpoint' }]);

    expect(play.decide('override', { text: 'Enough.' }).run.status).toBe('succeeded');
  });

  it('sends a step back by itself on /revise', () => {
    const play = machine({
      nodes: signals(agent('plan', { stopPoint: true }), agent('code'), agent('review')),
    })
      .finish('plan')
      .decide('revise', { text: 'Smaller.' });

    expect(play.dispatched).toEqual(['plan']);
    expect(play.finish('plan').decide('approve').dispatched).toEqual(['code']);
  });

  it('can be called as a sub-workflow', () => {
    const play = new Player(
      aPlan({
        nodes: [call('fix', 'machine')],
        graphs: {
          machine: {
            mode: 'state-machine',
            nodes: signals(agent('do')),
            edges: [move('do', COMPLETE)],
          },
          empty: { mode: 'state-machine', nodes: [] },
        },
      }),
    ).start();

    expect(play.dispatched).toEqual(['fix/do']);
    expect(play.finish('fix/do').run.status).toBe('succeeded');
  });

  it('is done at once without nodes', () => {
    expect(machine({ nodes: [], edges: [] }).run.status).toBe('succeeded');
  });
});
