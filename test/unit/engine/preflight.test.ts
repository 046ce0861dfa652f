import { describe, expect, it } from 'vitest';
import { upgradeRun } from '#src/engine/state/upgrade-run.ts';
import type { AgentNode, Policies } from '#src/plan/plan.ts';
import { agent, aPlan, aPolicy, chain, group } from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const before = aPolicy({ when: 'before' });
const requires = ['git'];
const missing = failed({ class: 'configuration', reason: 'missing-requirement' });
const blocked = failed({ class: 'policy', reason: 'guardrail-blocked' });

function asking(patch: Partial<AgentNode>, policies: Partial<Policies> = {}): Player {
  const nodes = [agent('plan'), agent('push', patch), agent('tell')];
  return new Player(aPlan({ nodes, edges: chain('plan', 'push', 'tell'), policies }))
    .start()
    .finish('plan');
}

describe('a step people are asked about before it starts', () => {
  it.each([
    ['approval', { approval: before, requires }],
    ['consent', { consent: before, requires }],
  ] as const)('is looked at by a worker before the %s', (kind, patch) => {
    const play = asking(patch);
    expect(play.dispatched).toEqual(['push']);
    expect(play.gates).toEqual([]);

    expect(play.finish('push').gates).toMatchObject([{ kind, node: 'push' }]);
    expect(play.status('push')).toBe('awaiting-approval');
    expect(play.kinds()).toEqual(['looked-at', 'gate-opened']);

    expect(play.decide('approve').dispatched).toEqual(['push']);
    expect(play.finish('push').dispatched).toEqual(['tell']);
  });

  it.each([
    ['the guardrails of the workflow', {}, { reliability: { guardrails: { enabled: true } } }],
    ['a risky step', { risky: true }, {}],
  ])('is looked at because of %s', (_, patch, policies) => {
    const play = asking({ approval: before, ...patch }, policies);

    expect(play.gates).toEqual([]);
    expect(play.finish('push').gates).toMatchObject([{ kind: 'approval' }]);
  });

  it('is asked about at once when there is nothing to look at', () => {
    const play = asking({ approval: before });

    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ kind: 'approval' }]);
  });

  it.each([
    ['what it requires is missing', missing, 'missing-requirement'],
    ['the guardrail blocks it', blocked, 'guardrail-blocked'],
  ])('fails and bothers nobody when %s', (_, result, code) => {
    const play = asking({ consent: before, requires }).finish('push', result);

    expect(play.run.gates).toEqual([]);
    expect(play.state('push')).toMatchObject({ status: 'failed', reason: { code } });
  });

  it('steps aside without a question when it is optional', () => {
    const play = asking({ consent: before, requires, disposition: 'optional' });

    play.finish('push', missing);

    expect(play.status('push')).toBe('waived');
    expect(play.dispatched).toEqual(['tell']);
    expect(play.run.gates).toEqual([]);
  });

  it('is looked at again for another attempt, which needs another consent', () => {
    const play = asking({ consent: before, requires, retries: 1 })
      .finish('push')
      .decide('approve')
      .finish('push', failed());
    expect(play.dispatched).toEqual(['push']);
    expect(play.gates).toEqual([]);

    expect(play.finish('push').gates).toMatchObject([{ kind: 'consent' }]);
  });

  it('is looked at once more when the one who looked went away', () => {
    const play = asking({ approval: before, requires }).take('push');

    play.apply({ type: 'node.interrupted', node: 'push', visit: 1, attempt: 1, reason: 'stop' });
    expect(play.dispatched).toEqual(['push']);

    expect(play.finish('push').gates).toMatchObject([{ kind: 'approval' }]);
  });

  it('begins its work with its first attempt, on what is there by then', () => {
    const play = asking({ approval: before, requires }).take('push', 'early');
    const { visit, attempt } = play.state('push');
    play.apply({ type: 'node.finished', node: 'push', visit, attempt, result: done() });

    play.decide('approve').take('push', 'late');

    expect(play.state('push')).toMatchObject({ snapshot: 'late', startedAt: play.now });
    expect(play.last.records).toMatchObject([{ kind: 'node-started', attempt: 1 }]);
  });

  it('is looked at beside a step that writes', () => {
    const play = new Player(
      aPlan({
        nodes: [
          agent('write', { workspace: 'write' }),
          agent('push', { workspace: 'write', approval: before, requires }),
        ],
      }),
    ).start();

    expect(play.dispatched).toEqual(['write', 'push']);
  });

  it('may be a group of steps', () => {
    const play = new Player(
      aPlan({
        nodes: [group('both', 'inner', { consent: before, requires })],
        graphs: { inner: { nodes: [agent('a')] } },
      }),
    ).start();

    expect(play.dispatched).toEqual(['both']);
    expect(play.finish('both').gates).toMatchObject([{ kind: 'consent', node: 'both' }]);
    play.decide('approve').finish('both');
    expect(play.dispatched).toEqual(['both/a']);
  });
});

describe('consent and the budget', () => {
  const budget = { maxTokens: 10, maxUsd: null, alertPercent: [], onExceed: 'pause' } as const;
  const spent = { inputTokens: 20, outputTokens: 0, usd: null };
  const paying = () =>
    new Player(
      aPlan({
        nodes: [agent('plan'), agent('push', { consent: before })],
        edges: chain('plan', 'push'),
        policies: { budget },
      }),
    )
      .start()
      .finish('plan', done({ usage: spent }));

  it('are asked in this order, and consent is not asked for twice', () => {
    const play = paying();
    expect(play.gates).toMatchObject([{ kind: 'consent' }]);

    expect(play.decide('approve').gates).toMatchObject([{ kind: 'budget' }]);
    expect(play.decide('approve').dispatched).toEqual(['push']);
  });

  it('go on in a run of an older version, which knows the last gate of a step only', () => {
    const play = paying();
    const stored = JSON.parse(JSON.stringify(play.run));
    delete stored.version;
    delete stored.frames[''].nodes.push.consent;
    play.run = upgradeRun(stored);

    expect(play.decide('approve').gates).toMatchObject([{ kind: 'budget' }]);
  });
});
