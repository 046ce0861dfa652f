import { describe, expect, it } from 'vitest';
import { visibleOutputs } from '#src/engine/read/visible-outputs.ts';
import type { Condition } from '#src/plan/condition.ts';
import {
  agent,
  aPlan,
  aPolicy,
  auto,
  chain,
  edge,
  gate,
  loop,
  on,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const says = (word: string): Condition => ({ type: 'text', op: 'contains', value: word });
const agents = (...ids: readonly string[]) => ids.map((id) => agent(id));

describe('worked checks of the execution model', () => {
  it('1: runs the join behind a router once, with the branch the router picked', () => {
    const play = new Player(
      aPlan({
        nodes: agents('A', 'R', 'B', 'C', 'D'),
        edges: [
          edge('A -> R'),
          edge('R -> B', says('use b')),
          edge('R -> C', says('use c')),
          edge('B -> D'),
          edge('C -> D'),
        ],
      }),
    ).start();

    play
      .finish('A')
      .finish('R', done({ text: 'Use B.' }))
      .finishAll('B', 'D');

    expect(play.statuses('B', 'C', 'D')).toEqual({ B: 'completed', C: 'pruned', D: 'completed' });
    expect(play.state('D').visit).toBe(1);
    expect(play.run.status).toBe('succeeded');
  });

  it('2: prunes a whole branch behind a way that was not taken', () => {
    const play = new Player(
      aPlan({
        nodes: agents('R', 'B', 'C', 'E', 'F'),
        edges: [edge('R -> B', says('b')), edge('R -> C', says('see')), ...chain('C', 'E', 'F')],
      }),
    ).start();

    play.finish('R', done({ text: 'b' })).finish('B');

    expect(play.statuses('C', 'E', 'F')).toEqual({ C: 'pruned', E: 'pruned', F: 'pruned' });
    expect(play.run.status).toBe('succeeded');
  });

  it('3: waives an optional step whose tool is missing and goes on with an empty result', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('A', { disposition: 'optional', requires: ['docker'] }), agent('B')],
        edges: chain('A', 'B'),
      }),
    ).start();

    play.finish('A', failed({ class: 'configuration', reason: 'missing-requirement' }));

    expect(play.status('A')).toBe('waived');
    expect(play.dispatched).toEqual(['B']);
    expect(visibleOutputs(play.plan, play.run, 'B')).toMatchObject([{ name: 'A', empty: true }]);
  });

  const healing = (patch = {}) =>
    new Player(
      aPlan({
        nodes: agents('plan', 'build', 'test', 'review'),
        edges: chain('plan', 'build', 'test', 'review'),
        loops: [loop('test_retry: test -> build', patch)],
      }),
    ).start();
  const red = (...failures: readonly string[]) =>
    done({ outcome: 'revise', headline: 'Tests fail.', fingerprint: failures });

  it('4: rebuilds as often as the tests fail and then goes on', () => {
    const play = healing();

    play.finishAll('plan', 'build').finish('test', red('a', 'b'));
    play.finish('build').finish('test', red('a'));
    play.finishAll('build', 'test');

    expect(play.state('build').visit).toBe(3);
    expect(play.state('test').visit).toBe(3);
    expect(play.state('plan').visit).toBe(1);
    expect(play.run.frames['']?.loops['test_retry']?.count).toBe(2);
    expect(play.dispatched).toEqual(['review']);
  });

  it('5: stops after one rebuild that changed nothing, and calls a person', () => {
    const play = healing();

    play.finishAll('plan', 'build').finish('test', red('a'));
    play.finish('build').finish('test', red('a'));

    expect(play.state('build').visit).toBe(2);
    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'no-progress' } });
    expect(play.gates).toMatchObject([{ node: 'test', kind: 'escalation' }]);
  });

  it('6: goes back farthest, resets the inner counter, and never falls through to a cheaper loop', () => {
    const finding = (kind: string): Condition => ({
      type: 'field',
      path: 'findings',
      op: 'contains',
      value: kind,
    });
    const play = new Player(
      aPlan({
        nodes: agents('plan', 'build', 'test', 'review'),
        edges: chain('plan', 'build', 'test', 'review'),
        loops: [
          loop('review_patch: review -> build', { trigger: finding('blocker') }),
          loop('full_rebuild: review -> plan', { trigger: finding('architectural'), max: 1 }),
          loop('test_retry: test -> build'),
        ],
      }),
    ).start();
    const both = done({ data: { findings: ['blocker', 'architectural'] } });
    const loops = () => play.run.frames['']?.loops;

    play.finishAll('plan', 'build').finish('test', red('a')).finishAll('build', 'test');
    expect(loops()?.['test_retry']?.count).toBe(1);
    play.finish('review', both);

    expect(play.dispatched).toEqual(['plan']);
    expect(loops()).toMatchObject({ full_rebuild: { count: 1 }, test_retry: { count: 0 } });

    play.finishAll('plan', 'build', 'test').finish('review', both);

    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'loop-exhausted' } });
    expect(loops()?.['review_patch']?.count).toBe(0);
  });

  it('7: finishes what runs beside a failed review, and re-runs only that one on resume', () => {
    const reviews = ['quality-review', 'security-review', 'performance-review'];
    const play = new Player(
      aPlan({
        nodes: [
          ...reviews.map((id) => agent(id, { workspace: 'read', retries: 1 })),
          agent('synthesize'),
        ],
        edges: reviews.map((id) => edge(`${id} -> synthesize`)),
      }),
    ).start();
    expect(play.dispatched).toEqual(reviews);

    play.finish('performance-review', failed()).finish('performance-review', failed());
    expect(play.run).toMatchObject({ status: 'running', draining: true });
    play.finishAll('quality-review', 'security-review');

    expect(play.status('synthesize')).toBe('blocked');
    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'crashed' } });

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });

    expect(play.dispatched).toEqual(['performance-review']);
    play.finishAll('performance-review', 'synthesize');
    expect(play.run.status).toBe('succeeded');
    expect(play.state('quality-review').visit).toBe(1);
  });

  const twoGates = () =>
    new Player(
      aPlan({
        nodes: [
          agent('quality-review', { approval: aPolicy() }),
          agent('security-review', { approval: aPolicy() }),
          agent('merge'),
        ],
        edges: [edge('quality-review -> merge'), edge('security-review -> merge')],
      }),
    )
      .start()
      .finishAll('quality-review', 'security-review');

  it('8: moves only the step whose gate was approved', () => {
    const play = twoGates();
    expect(play.gates.map(({ id, node }) => [id, node])).toEqual([
      ['G1', 'quality-review'],
      ['G2', 'security-review'],
    ]);
    expect(play.run.status).toBe('waiting');

    play.decide('approve', { gate: 'G2' });

    expect(play.status('security-review')).toBe('completed');
    expect(play.status('quality-review')).toBe('awaiting-approval');
    expect(play.gates.map(({ id }) => id)).toEqual(['G1']);
  });

  it('9: voids a pending approval when the branch moves, and opens a new gate', () => {
    const play = twoGates();

    play.apply({ type: 'head.moved', headSha: 'abc', by: 'sam' });

    expect(play.run.gates.map(({ id, status, voidReason }) => [id, status, voidReason])).toEqual([
      ['G1', 'void', 'head-moved'],
      ['G2', 'void', 'head-moved'],
      ['G3', 'open', null],
      ['G4', 'open', null],
    ]);
    expect(play.gates.map(({ subject }) => subject.headSha)).toEqual(['abc', 'abc']);
  });

  it('10: supersedes the gate of a step that a loop resets, and refuses a later approval', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('build'), agent('docs', { approval: aPolicy() }), agent('test')],
        edges: [edge('build -> docs'), edge('build -> test')],
        loops: [loop('fix: test -> build')],
      }),
    )
      .start()
      .finishAll('build', 'docs')
      .finish('test', red('a'));

    expect(play.run.gates).toMatchObject([{ id: 'G1', status: 'void', voidReason: 'superseded' }]);
    play.decide('approve', { gate: 'G1' });
    expect(play.last.refusal?.code).toBe('void');
  });

  it('11: fails the run on a denial, blocks what follows and shows the output to nobody', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('plan', { approval: aPolicy() }), agent('build')],
        edges: chain('plan', 'build'),
      }),
    )
      .start()
      .finish('plan');

    play.decide('deny', { text: 'Not like this.' });

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'denied' } });
    expect(play.statuses('plan', 'build')).toEqual({ plan: 'failed', build: 'blocked' });
    expect(visibleOutputs(play.plan, play.run, 'build')).toEqual([]);
  });

  it('12: cuts an output once to stay inside the budget, and stops at the next breach', () => {
    const governor = { enabled: true, max_degradations_per_run: 1, degrade_output_chars: 400 };
    const play = new Player(
      aPlan({
        nodes: agents('a', 'b', 'c'),
        edges: chain('a', 'b', 'c'),
        policies: {
          budget: { maxTokens: 1_000, maxUsd: null, alertPercent: [80], onExceed: 'stop' },
          reliability: { budget_governor: governor },
        },
      }),
    ).start();
    const usage = { inputTokens: 0, outputTokens: 1_500, usd: null };

    play.finish('a', done({ usage }));

    expect(play.kinds()).toEqual(expect.arrayContaining(['budget-alert', 'degrade']));
    expect(visibleOutputs(play.plan, play.run, 'b')).toMatchObject([{ name: 'a', cutTo: 400 }]);
    expect(play.dispatched).toEqual(['b']);

    play.finish('b', done({ usage }));

    expect(play.kinds()).toContain('abort');
    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'budget-exceeded' } });
    expect(play.status('c')).toBe('cancelled');
  });

  it('14: fails a gate with a misspelt criterion and names the key', () => {
    const play = new Player(
      aPlan({
        nodes: [
          agent('test'),
          gate('coverage', 'test', {
            criteria: [{ path: 'coverge', op: 'min', value: 80 }],
          }),
        ],
        edges: chain('test', 'coverage'),
      }),
    ).start();

    play.finish('test', done({ data: { coverage: 91 } }));

    expect(play.status('coverage')).toBe('failed');
    expect(play.state('coverage').reason).toMatchObject({
      code: 'gate-failed',
      message: expect.stringContaining('there is no field "coverge"'),
    });
  });

  it('15: re-enters the executor with the findings when the quality fixer finds a stub', () => {
    const play = new Player(
      aPlan({
        nodes: [...agents('executor', 'quality-fixer'), auto('commit')],
        edges: chain('executor', 'quality-fixer', 'commit'),
        loops: [loop('stub: quality-fixer -> executor', { trigger: on('stub') })],
      }),
    )
      .start()
      .finish('executor');

    play.finish(
      'quality-fixer',
      done({ outcome: 'stub', statusRaw: 'stub_detected', fingerprint: ['a.ts: TODO'] }),
    );

    expect(play.dispatched).toEqual(['executor']);
    expect(play.status('commit')).toBe('idle');
    expect(play.state('executor').loopContext).toMatchObject({
      loop: 'stub',
      iteration: 1,
      failures: ['a.ts: TODO'],
      source: { node: 'quality-fixer', visit: 1 },
    });
  });

  it('16: stops everything when a reviewer calls a halt, and asks a person', () => {
    const play = new Player(
      aPlan({
        nodes: agents('code-verifier', 'security-reviewer', 'publish'),
        edges: [edge('code-verifier -> publish'), edge('security-reviewer -> publish')],
      }),
    )
      .start()
      .take('code-verifier');

    play.finish('security-reviewer', done({ outcome: 'halt', headline: 'A key is leaked.' }));

    expect(play.stopped).toEqual(['code-verifier']);
    expect(play.run).toMatchObject({ status: 'escalated', reason: { code: 'halted' } });
    expect(play.status('publish')).toBe('blocked');
    expect(play.gates).toMatchObject([{ kind: 'escalation', node: 'security-reviewer' }]);
  });

  it('17: starts a node whose worker died again from the same snapshot, as attempt 2', () => {
    const play = new Player(aPlan({ nodes: [agent('build', { workspace: 'write' })] })).start();

    play.take('build', 'commit-0').take('build', 'commit-9');

    expect(play.state('build')).toMatchObject({
      status: 'running',
      attempt: 2,
      interruptions: 1,
      retries: 0,
      snapshot: 'commit-0',
    });
    expect(play.kinds()).toContain('interrupted');
    expect(play.dispatched).toEqual([]);
  });

  it('19: keeps a large structured result out of the run, after it was judged', () => {
    const play = new Player(
      aPlan({
        nodes: agents('scan', 'fix'),
        edges: [edge('scan -> fix', { type: 'field', path: 'found', op: 'equals', value: true })],
      }),
    ).start();

    play.finish('scan', done({ data: { found: true, log: 'x'.repeat(60_000) } }));

    expect(play.state('scan').result?.data).toBeNull();
    expect(play.dispatched).toEqual(['fix']);
  });
});
