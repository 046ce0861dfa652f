import { describe, expect, it } from 'vitest';
import { agent, aPlan, aPolicy } from '#test/support/engine/plan-builder.ts';
import { failed, Player } from '#test/support/engine/player.ts';

const DAY = 86_400;

function waiting(policies = {}): Player {
  const approval = aPolicy({ expireMs: 7 * DAY * 1_000 });
  return new Player(aPlan({ nodes: [agent('plan', { approval }), agent('scan')], policies }))
    .start()
    .finish('plan');
}

describe('a gate that nobody decides', () => {
  it('sets a reminder and an end when it opens', () => {
    const play = waiting();

    const timers = play
      .effects('set-timer')
      .map(({ timer, at }) => [timer, (Date.parse(at) - Date.parse(play.now)) / 1_000 / DAY]);

    expect(timers).toEqual([
      ['remind:G1', 1],
      ['last-day:G1', 6],
      ['gate:G1', 7],
    ]);
  });

  it('sets no reminder after its own end', () => {
    const approval = aPolicy({ expireMs: 60_000 });
    const play = new Player(aPlan({ nodes: [agent('a', { approval })] })).start().finish('a');

    expect(play.effects('set-timer').map(({ timer }) => timer)).toEqual(['gate:G1']);
  });

  it("lives as long as the server's setting says, when it says nothing itself", () => {
    const play = new Player(
      aPlan({
        nodes: [agent('a', { approval: aPolicy() })],
        policies: { gateExpireMs: 60_000 },
      }),
    )
      .start()
      .finish('a');

    expect(Date.parse(play.gates[0]?.expiresAt ?? '') - Date.parse(play.now)).toBe(60_000);
  });

  it('is shown again when a reminder is due, once for each, however often its timer fires', () => {
    const play = waiting({ gateRemindersMs: [DAY * 1_000, 3 * DAY * 1_000] });

    play.wait(DAY).apply({ type: 'timer.fired', timer: 'remind:G1' });
    expect(play.effects('publish')).toHaveLength(1);
    const [first] = play.gates;
    expect(first).toMatchObject({ reminders: 1, remindedAt: play.now });

    for (const timer of ['remind:G1', 'remind:G1.2', 'remind:G1.3']) {
      play.wait(1).apply({ type: 'timer.fired', timer });
      expect(play.gates[0]).toBe(first);
    }

    play.wait(2 * DAY).apply({ type: 'timer.fired', timer: 'remind:G1.2' });
    expect(play.gates[0]).toMatchObject({ reminders: 2, remindedAt: play.now });
    play.apply({ type: 'timer.fired', timer: 'remind:G1' });
    expect(play.gates[0]?.reminders).toBe(2);
  });

  it('sets a timer for each reminder the server wants, or for none', () => {
    const reminders = (gateRemindersMs: readonly number[]) =>
      waiting({ gateRemindersMs })
        .effects('set-timer')
        .map(({ timer }) => timer)
        .filter((timer) => timer.startsWith('remind:'));

    expect(reminders([1_000, 2_000])).toEqual(['remind:G1', 'remind:G1.2']);
    expect(reminders([])).toEqual([]);
  });

  it('is reminded of together with others whose turn is near', () => {
    const approval = aPolicy({ expireMs: 7 * DAY * 1_000 });
    const nodes = ['a', 'b', 'c'].map((id) => agent(id, { approval }));
    const play = new Player(aPlan({ nodes })).start().finish('a');
    play.wait(DAY / 8).finish('b');
    play.wait(DAY / 2).finish('c');

    play.wait((DAY * 3) / 8).apply({ type: 'timer.fired', timer: 'remind:G1' });

    expect(play.gates.map(({ remindedAt }) => remindedAt)).toEqual([play.now, play.now, null]);
    play.wait(DAY / 8).apply({ type: 'timer.fired', timer: 'remind:G2' });
    expect(play.gates[1]?.reminders).toBe(1);
  });

  it('says on its last day that little time is left', () => {
    const play = waiting();

    play.wait(5 * DAY).apply({ type: 'timer.fired', timer: 'last-day:G1' });
    expect(play.gates[0]?.lastDay).toBe(false);
    play.wait(DAY).apply({ type: 'timer.fired', timer: 'last-day:G1' });

    expect(play.gates[0]?.lastDay).toBe(true);
    expect(play.effects('publish')).toHaveLength(1);
  });

  it('expires the run and never approves', () => {
    const play = waiting()
      .take('scan')
      .wait(7 * DAY);

    play.apply({ type: 'timer.fired', timer: 'gate:G1' });

    expect(play.run).toMatchObject({
      status: 'expired',
      reason: { code: 'gate-expired', message: 'plan: Nobody decided gate G1 in time.' },
      gates: [{ status: 'expired' }],
    });
    expect(play.stopped).toEqual(['scan']);
  });

  it('calls for help instead where there is a handler, and the answer goes on', () => {
    const play = waiting({ escalation: { handler: 'human' } })
      .finish('scan')
      .wait(7 * DAY);

    play.apply({ type: 'timer.fired', timer: 'gate:G1' });

    expect(play.run.status).toBe('escalated');
    expect(play.gates).toMatchObject([{ kind: 'escalation', node: 'plan' }]);
    expect(play.decide('retry').dispatched).toEqual(['plan']);
  });

  it.each([
    { handler: 'auto_close', code: 'auto-closed', effects: ['publish', 'settle'] },
    {
      handler: 'fallback_workflow',
      code: 'handed-over',
      effects: ['hand-over', 'publish', 'settle'],
    },
  ])('ends an escalated run that nobody answered as its handler $handler says, once', (row) => {
    const escalation = { handler: row.handler, workflow: 'triage', timeout_ms: DAY * 1_000 };
    const play = new Player(aPlan({ nodes: [agent('plan')], policies: { escalation } }))
      .start()
      .finish('plan', failed());
    expect(play.run.status).toBe('escalated');

    play.wait(DAY).apply({ type: 'timer.fired', timer: 'gate:G1' });

    expect(play.run).toMatchObject({
      status: 'expired',
      settledAt: play.now,
      reason: {
        code: row.code,
        message: expect.stringMatching(/^Nobody answered the call for help in time\. plan: /),
      },
      gates: [{ kind: 'escalation', status: 'expired' }],
    });
    expect(play.last.effects.map(({ type }) => type).toSorted()).toEqual(row.effects);
    const { run } = play;
    expect(play.apply({ type: 'timer.fired', timer: 'gate:G1' }).run).toBe(run);
  });

  it('leaves an escalated run to people where they are its handler', () => {
    const escalation = { handler: 'human', timeout_ms: DAY * 1_000 };
    const play = new Player(aPlan({ nodes: [agent('plan')], policies: { escalation } }))
      .start()
      .finish('plan', failed());

    play.wait(DAY).apply({ type: 'timer.fired', timer: 'gate:G1' });

    expect(play.run).toMatchObject({ status: 'escalated', gates: [{ status: 'expired' }] });
  });

  it('opens again when the expired run is resumed', () => {
    const play = waiting()
      .finish('scan')
      .wait(7 * DAY)
      .apply({ type: 'timer.fired', timer: 'gate:G1' });

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });

    expect(play.gates).toMatchObject([{ id: 'G2', node: 'plan', status: 'open' }]);
    expect(play.dispatched).toEqual([]);
  });

  it('takes no decision once its time is over, even before the timer has fired', () => {
    const play = waiting()
      .wait(7 * DAY)
      .decide('approve');

    expect(play.last.refusal?.code).toBe('expired');
  });
});

describe('a timer', () => {
  it.each(['gate:G1', 'remind:G9', 'node:plan@1.1', 'nonsense', ''])(
    'that comes too early, too late or from nowhere changes nothing: %s',
    (timer) => {
      const play = waiting();
      const before = play.run;

      play.apply({ type: 'timer.fired', timer });

      expect(play.run).toBe(before);
      expect(play.last.effects).toEqual([]);
    },
  );

  it('of a decided gate changes nothing', () => {
    const play = waiting().decide('approve');
    const before = play.run;

    play.wait(8 * DAY).apply({ type: 'timer.fired', timer: 'gate:G1' });

    expect(play.run).toBe(before);
  });

  it('of a run that is over changes nothing', () => {
    const play = waiting().apply({ type: 'run.cancelled', by: 'bob', reason: null });
    const before = play.run;

    play.apply({ type: 'timer.fired', timer: 'node:scan@1.1' });

    expect(play.run).toBe(before);
  });
});
