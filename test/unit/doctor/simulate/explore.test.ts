import { describe, expect, it } from 'vitest';
import { declaredEnds } from '#src/doctor/simulate/ends.ts';
import { type Exploration, explore } from '#src/doctor/simulate/explore.ts';
import type { Move } from '#src/doctor/simulate/move.ts';
import { type Play, play } from '#src/doctor/simulate/play.ts';
import { stubCalls } from '#src/doctor/simulate/stub-calls.ts';
import type { Plan } from '#src/plan/plan.ts';
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
  group,
  loop,
  noop,
  on,
} from '#test/support/engine/plan-builder.ts';

const exploreAll = (plan: Plan, bound = 4, maxStates = 50_000): Exploration =>
  explore(plan, { bound, maxStates, params: {} });
const endsOf = (found: Exploration): string[] => [...found.ends.keys()].toSorted();

const STATUS = {
  schema: { type: 'object', required: ['status'], properties: { status: { type: 'string' } } },
  routingFields: [],
  statusField: 'status',
};

/** The moves of a path that is known to be possible, once more, with what the engine says. */
function replay(plan: Plan, path: readonly Move[]): Play {
  const left = [...path];
  return play(plan, {}, () => {
    const move = left.shift();
    return move === undefined ? { type: 'none' } : { type: 'move', move, scripted: false };
  });
}

describe('explore', () => {
  it('finds success and failure of a single step', () => {
    const found = exploreAll(aPlan({ nodes: [agent('plan')] }));

    expect(endsOf(found)).toEqual(['failed (step-failed)', 'succeeded']);
    expect(found).toMatchObject({ complete: true, cut: 0, deadEnds: [], neverStarted: [] });
  });

  it('finds what each decision at a gate leads to, and that nobody may decide at all', () => {
    const policy = aPolicy({ expireMs: 3_600_000, revise: { to: 'plan', max: 1 } });
    const nodes = [agent('plan'), approval('ok', { subject: 'plan', approval: policy })];

    const found = exploreAll(aPlan({ nodes, edges: chain('plan', 'ok') }));

    expect(endsOf(found)).toEqual([
      'expired (gate-expired)',
      'failed (denied)',
      'failed (step-failed)',
      'succeeded',
    ]);
  });

  it('finds the end of a loop only when the bound lets it go round often enough', () => {
    const plan = aPlan({
      nodes: [agent('build', { result: STATUS })],
      loops: [loop('again: build -> build', { max: 2 })],
    });

    const near = exploreAll(plan, 2);
    const far = exploreAll(plan, 3);

    expect(endsOf(near)).not.toContain('escalated (loop-exhausted)');
    expect(near.cut).toBeGreaterThan(0);
    expect(endsOf(far)).toContain('escalated (loop-exhausted)');
    expect(far.cut).toBe(0);
  });

  it('names a step that no answer leads to', () => {
    const nodes = [agent('triage'), noop('never')];
    const way = edge('triage -> never', { type: 'all', of: [on('ok'), on('stub')] });

    const found = exploreAll(aPlan({ nodes, edges: [way] }));

    expect(found.neverStarted).toEqual(['main/never']);
  });

  it('meets two orders of the same events as one state', () => {
    const side = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => agent(id));

    const found = exploreAll(aPlan({ nodes: side }));

    expect(found.complete).toBe(true);
    expect(found.states).toBeLessThan(600);
  });

  it('says so when there are more states than it may look at', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id) => agent(id));

    const found = exploreAll(aPlan({ nodes, edges: chain('a', 'b', 'c', 'd') }), 4, 3);

    expect(found).toMatchObject({ complete: false, states: 3 });
  });

  it('goes into groups and members of a foreach', () => {
    const plan = aPlan({
      nodes: [
        group('both', 'pair'),
        foreach('each', 'member', { items: { type: 'output', path: 'both.list' } }),
      ],
      edges: chain('both', 'each'),
      graphs: {
        pair: { nodes: [agent('left'), auto('right')] },
        member: { nodes: [agent('task')] },
      },
    });

    const found = exploreAll(plan);

    expect(found).toMatchObject({ complete: true, deadEnds: [], neverStarted: [] });
    expect(endsOf(found)).toContain('succeeded');
  });

  it('gives for every end a path that leads there when it is played', () => {
    const plan = aPlan({
      nodes: [agent('build', { result: STATUS }), agent('test', { approval: aPolicy() })],
      edges: chain('build', 'test'),
      loops: [loop('again: build -> build', { max: 1 })],
    });

    const found = exploreAll(plan);

    for (const [end, path] of found.ends) {
      const { run } = replay(plan, path);
      const code = run.reason === null ? '' : ` (${run.reason.code})`;
      expect(`${run.status}${code}`).toBe(end);
    }
  });
});

describe('declaredEnds', () => {
  it('follows from gates, loops, finalisers and the escalation policy', () => {
    const nodes = [
      agent('plan', { approval: aPolicy({ expireMs: 1_000 }) }),
      agent('report', { finally: true }),
    ];

    const plain = declaredEnds(aPlan({ nodes, loops: [loop('again: plan -> plan')] }));
    const escalating = declaredEnds(
      aPlan({ nodes, policies: { escalation: { handler: 'human' } } }),
    );

    expect(plain).toEqual([
      'succeeded',
      'failed (step-failed)',
      'failed (denied)',
      'expired (gate-expired)',
      'escalated (loop-exhausted)',
    ]);
    expect(escalating).toEqual([
      'succeeded',
      'escalated (step-failed)',
      'failed (denied)',
      'escalated (gate-expired)',
    ]);
  });

  it('expects no failure where every step is optional', () => {
    const nodes = [agent('look', { disposition: 'optional' })];

    expect(declaredEnds(aPlan({ nodes }))).toEqual(['succeeded']);
  });
});

describe('stubCalls', () => {
  it('makes one step of a called workflow, which answers or fails', () => {
    const plan = aPlan({
      nodes: [call('inner', 'callee'), agent('after')],
      edges: chain('inner', 'after'),
      graphs: { callee: { nodes: ['a', 'b', 'c'].map((id) => agent(id)) } },
    });

    const found = exploreAll(stubCalls(plan));

    expect(found.neverStarted).toEqual([]);
    expect(endsOf(found)).toContain('succeeded');
    expect(found.states).toBeLessThan(exploreAll(plan).states);
  });
});
