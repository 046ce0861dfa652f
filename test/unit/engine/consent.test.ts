import { describe, expect, it } from 'vitest';
import type { PlanNode } from '#src/plan/plan.ts';
import {
  agent,
  aPlan,
  aPolicy,
  approval,
  auto,
  call,
  chain,
  foreach,
  gate,
  group,
  noop,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const HOUR = 3_600;

describe('consent to one execution', () => {
  const risky = (retries = 0) =>
    new Player(
      aPlan({
        nodes: [
          agent('plan', { stopPoint: true, approval: aPolicy({ batch: true }) }),
          agent('push', { consent: aPolicy(), retries }),
        ],
        edges: chain('plan', 'push'),
      }),
    )
      .start()
      .finish('plan')
      .decide('approve');

  it('is asked for although the run is autonomous', () => {
    const play = risky();

    expect(play.run.autonomous).toBe(true);
    expect(play.gates).toMatchObject([{ kind: 'consent', node: 'push', individual: true }]);
    expect(play.decide('approve').dispatched).toEqual(['push']);
  });

  it('is used up by a failed attempt', () => {
    const play = risky(1).decide('approve').finish('push', failed());

    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ kind: 'consent', node: 'push' }]);
  });

  it('still stands when the attempt was only handed back', () => {
    const play = risky().decide('approve').take('push');

    play.apply({ type: 'node.interrupted', node: 'push', visit: 1, attempt: 1, reason: 'stop' });

    expect(play.dispatched).toEqual(['push']);
  });
});

describe('consent to a step of any kind', () => {
  const consent = aPolicy();
  const items = { type: 'list', items: [1] } as const;
  const kinds: readonly PlanNode[] = [
    agent('it', { consent }),
    auto('it', { consent }),
    call('it', 'inner', { consent }),
    call('it', 'inner', { consent, params: { task: '{{ task }}' } }),
    group('it', 'inner', { consent }),
    foreach('it', 'inner', { consent, items }),
    foreach('it', 'inner', { consent, items: { type: 'output', path: 'before' } }),
    gate('it', 'before', { consent }),
    noop('it', { consent }),
  ];
  const before = (node: PlanNode): Player =>
    new Player(
      aPlan({
        nodes: [agent('before'), node],
        edges: chain('before', 'it'),
        graphs: { inner: { nodes: [agent('work', { workspace: 'isolated' })] } },
      }),
    )
      .start()
      .finish('before');

  it.each(kinds)('is asked for before $kind begins', (node) => {
    const play = before(node);
    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ kind: 'consent', node: 'it', individual: true }]);

    play.decide('approve');

    expect(play.gates).toEqual([]);
    expect(play.dispatched.length > 0 || play.run.status === 'succeeded').toBe(true);
  });

  it('is not asked for again to merge what isolated members have committed', () => {
    const play = before(group('it', 'inner', { consent })).decide('approve');

    play.finish('it/work', done({ commit: 'c1', headSha: null }));

    expect(play.dispatched).toEqual(['it']);
  });

  it('decides nothing about the artefact an approval step is about', () => {
    const play = before(approval('it', { consent, subject: 'before' })).decide('approve');

    expect(play.gates).toMatchObject([{ kind: 'approval', node: 'it' }]);
  });
});

describe("the run's own consent", () => {
  const writing = () =>
    new Player(
      aPlan({
        nodes: [
          agent('scan', { workspace: 'read' }),
          agent('write', { workspace: 'write' }),
          agent('more', { workspace: 'write' }),
        ],
        edges: chain('scan', 'write', 'more'),
      }),
    ).start();

  it('covers ordinary work for its lifetime', () => {
    const play = writing()
      .wait(2 * HOUR)
      .finish('scan');

    expect(play.dispatched).toEqual(['write']);
  });

  it('is asked for again afterwards, before the next writing step, and then holds anew', () => {
    const play = writing()
      .wait(3 * HOUR)
      .finish('scan');
    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ kind: 'consent', node: 'write', when: 'before' }]);

    expect(play.decide('approve').dispatched).toEqual(['write']);
    expect(play.wait(2 * HOUR).finish('write').dispatched).toEqual(['more']);
  });

  it('asks one person once, however many steps wait for it', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('scan'), agent('a', { risky: true }), agent('b', { risky: true })],
        edges: [...chain('scan', 'a'), ...chain('scan', 'b')],
      }),
    )
      .start()
      .wait(4 * HOUR)
      .finish('scan');
    expect(play.gates).toHaveLength(1);
    expect(play.run.status).toBe('waiting');

    expect(play.decide('approve').dispatched).toEqual(['a', 'b']);
  });

  it('lasts as long as the run when no lifetime is set', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a'), agent('b', { risky: true })],
        edges: chain('a', 'b'),
        policies: { consentLifetimeMs: 0 },
      }),
    ).start();

    expect(play.run.consentUntil).toBeNull();
    expect(play.wait(999 * HOUR).finish('a', done()).dispatched).toEqual(['b']);
  });

  it('is renewed by whoever decides anything', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('plan', { approval: aPolicy() }), agent('write', { workspace: 'write' })],
        edges: chain('plan', 'write'),
      }),
    )
      .start()
      .finish('plan')
      .wait(99 * HOUR);

    expect(play.decide('approve').dispatched).toEqual(['write']);
  });
});

describe("what renewing the run's own consent means for a step with an approval", () => {
  const planning = (): Player =>
    new Player(
      aPlan({
        nodes: [
          agent('skeletons', { workspace: 'write' }),
          agent('plan', {
            workspace: 'write',
            stopPoint: true,
            approval: aPolicy({
              batch: true,
              prompt: 'Shall this plan be carried out?',
              approvers: { role: 'admin', teams: [], users: [], count: 2 },
            }),
          }),
          agent('build', { workspace: 'write', stopPoint: true }),
        ],
        edges: chain('skeletons', 'plan', 'build'),
      }),
    )
      .start()
      .wait(4 * HOUR)
      .finish('skeletons');

  it('is asked as a question of its own, not with the words and voters of the approval', () => {
    expect(planning().gates).toMatchObject([
      { kind: 'consent', node: 'plan', batch: false, prompt: null, approvers: { count: 1 } },
    ]);
  });

  it('leaves every stop point where it is', () => {
    const play = planning().decide('approve').finish('plan');

    expect(play.run.autonomous).toBe(false);
    expect(play.gates).toMatchObject([{ kind: 'stop-point', node: 'plan', batch: true }]);
  });

  it('approves no batch at a gate that was stored when consent still carried it', () => {
    const play = planning();
    play.run = { ...play.run, gates: play.run.gates.map((old) => ({ ...old, batch: true })) };

    play.decide('approve').finish('plan');

    expect(play.run.autonomous).toBe(false);
  });
});
