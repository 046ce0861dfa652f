import { describe, expect, it } from 'vitest';
import { EngineError } from '#src/engine/state/engine-error.ts';
import { agent, aPlan, chain, edge, noop, on } from '#test/support/engine/plan-builder.ts';
import { done, Player } from '#test/support/engine/player.ts';

describe('joins and dead ways', () => {
  it('starts everything that waits for nothing, in plan order', () => {
    const play = new Player(aPlan({ nodes: [agent('b'), agent('a'), agent('c')] })).start();

    expect(play.dispatched).toEqual(['b', 'a', 'c']);
    expect(play.run.status).toBe('running');
  });

  it('waits until every way into a node is decided', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c')],
        edges: [edge('a -> c'), edge('b -> c')],
      }),
    ).start();

    expect(play.finish('a').dispatched).toEqual([]);
    expect(play.finish('b').dispatched).toEqual(['c']);
  });

  it('opens a first-come join once and ignores whatever comes later', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c', { join: 'any' })],
        edges: [edge('a -> c'), edge('b -> c')],
      }),
    ).start();

    expect(play.finish('b').dispatched).toEqual(['c']);
    expect(play.finish('a').dispatched).toEqual([]);
    expect(play.finish('c').run.status).toBe('succeeded');
    expect(play.state('c').visit).toBe(1);
  });

  it('prunes a first-come join when every way to it is dead', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b'), agent('c', { join: 'any' })],
        edges: [edge('a -> c', on('redesign')), edge('b -> c', on('redesign'))],
      }),
    ).start();

    play.finishAll('a', 'b');

    expect(play.status('c')).toBe('pruned');
    expect(play.run.status).toBe('succeeded');
  });

  it('prunes a node whose condition does not hold when its turn comes', () => {
    const when = { type: 'output', path: 'scope.size', op: 'gte', value: 6 } as const;
    const play = new Player(
      aPlan({
        nodes: [agent('scope'), agent('prd', { when }), agent('design'), agent('end')],
        edges: [...chain('scope', 'prd', 'end'), ...chain('scope', 'design', 'end')],
      }),
    ).start();

    play.finish('scope', done({ data: { size: 2 } }));

    expect(play.status('prd')).toBe('pruned');
    expect(play.dispatched).toEqual(['design']);
    expect(play.finish('design').dispatched).toEqual(['end']);
  });

  it('asks the condition of a node about the answer that led to it', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('review'), agent('fix', { when: on('revise') })],
        edges: chain('review', 'fix'),
      }),
    ).start();

    expect(play.finish('review', done({ outcome: 'revise' })).dispatched).toEqual(['fix']);
  });

  it('prunes a node that lost an input it cannot do without, though another way leads to it', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('r'), agent('a'), agent('b'), agent('c', { requiredInputs: ['a'] })],
        edges: [edge('r -> a', on('redesign')), edge('r -> b'), edge('a -> c'), edge('b -> c')],
      }),
    ).start();

    play.finishAll('r', 'b');

    expect(play.status('c')).toBe('pruned');
    expect(play.run.status).toBe('succeeded');
  });

  it('counts a step that answers "skipped" as done', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('sync'), agent('plan')],
        edges: [edge('sync -> plan', on('ok'))],
      }),
    ).start();

    play.finish('sync', done({ outcome: 'waived', headline: 'Only one document.' }));

    expect(play.state('sync')).toMatchObject({
      status: 'skipped',
      reason: { code: 'waived', message: 'Only one document.' },
    });
    expect(play.dispatched).toEqual(['plan']);
  });

  it('follows only the written way when a condition expects a skipped step', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('sync'), agent('plan'), agent('report')],
        edges: [edge('sync -> plan', on('ok')), edge('sync -> report', on('waived'))],
      }),
    ).start();

    play.finish('sync', done({ outcome: 'waived' }));

    expect(play.dispatched).toEqual(['report']);
    expect(play.status('plan')).toBe('pruned');
  });

  it('passes through nodes that do nothing without a worker', () => {
    const play = new Player(
      aPlan({ nodes: [noop('fork'), agent('a'), noop('end')], edges: chain('fork', 'a', 'end') }),
    ).start();

    expect(play.dispatched).toEqual(['a']);
    expect(play.finish('a').run.status).toBe('succeeded');
  });

  it('succeeds at once when there is nothing to do', () => {
    const play = new Player(aPlan({ nodes: [] })).start();

    expect(play.run.status).toBe('succeeded');
    expect(play.last.effects).toEqual([{ type: 'publish' }, { type: 'settle' }]);
  });

  it('names the ways a broken plan waits for instead of hanging', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b')],
        edges: [edge('a -> b'), edge('b -> a')],
      }),
    ).start();

    expect(play.run).toMatchObject({
      status: 'failed',
      reason: {
        code: 'deadlock',
        message: 'a: It waits for b -> a, and nothing else runs.',
      },
    });
  });

  it('refuses a plan whose graph is not there', () => {
    const plan = { ...aPlan({ nodes: [] }), main: 'nowhere' };

    expect(() => new Player(plan)).toThrow(EngineError);
  });

  it('goes through a thousand skipped nodes without a deep stack', () => {
    const ids = Array.from({ length: 5_000 }, (_, at) => `n${at}`);
    const [first = '', second = ''] = ids;
    const play = new Player(
      aPlan({
        nodes: ids.map((id) => agent(id)),
        edges: [edge(`${first} -> ${second}`, on('redesign')), ...chain(...ids.slice(1))],
      }),
    ).start();

    expect(play.finish(first).run.status).toBe('succeeded');
  });
});
