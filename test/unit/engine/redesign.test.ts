import { describe, expect, it } from 'vitest';
import { redesignedSteps, stepsToRepeat } from '#src/engine/read/redesigned-steps.ts';
import {
  agent,
  aPlan,
  aPolicy,
  call,
  chain,
  foreach,
  type GraphParts,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const STOP = { stopPoint: true, approval: aPolicy() };
const INNER: Record<string, GraphParts> = {
  design: { nodes: [agent('analysis', STOP), agent('paper')], edges: chain('analysis', 'paper') },
  cycle: { nodes: [agent('execute'), agent('commit')], edges: chain('execute', 'commit') },
};

/** Note, then design in a sub-workflow, a plan whose approval makes the run autonomous, and tasks. */
const PLAN = aPlan({
  nodes: [
    agent('note'),
    call('design', 'design'),
    agent('plan', { stopPoint: true, approval: aPolicy({ batch: true }) }),
    foreach('tasks', 'cycle', { items: { type: 'list', items: ['one', 'two'] } }),
    agent('report'),
  ],
  edges: chain('note', 'design', 'plan', 'tasks', 'report'),
  graphs: INNER,
  policies: { redesign: { to: 'design' } },
});

function atWork(): Player {
  return new Player(PLAN, { headSha: 'aaa' })
    .start()
    .finish('note')
    .finish('design/analysis', done({ headline: 'Small.' }))
    .decide('approve')
    .finish('design/paper')
    .finish('plan')
    .decide('approve')
    .finishAll('tasks[0]/execute', 'tasks[0]/commit')
    .take('tasks[1]/execute');
}

function redesign(play: Player, text = 'The export too.'): Player {
  return play.apply({ type: 'run.redesigned', by: 'bob', text, headSha: play.run.headSha });
}

describe('changed requirements', () => {
  it('stop the tasks and go back to the step that takes them, with the words of the person', () => {
    const play = redesign(atWork());

    expect(play.stopped).toEqual(['tasks[1]/execute']);
    expect(play.dispatched).toEqual(['design/analysis']);
    expect(play.statuses('note', 'design', 'plan', 'tasks', 'report')).toEqual({
      note: 'completed',
      design: 'running',
      plan: 'idle',
      tasks: 'idle',
      report: 'idle',
    });
    expect(play.state('design/analysis').loopContext).toMatchObject({
      loop: 'redesign',
      guidance: [{ by: 'bob', text: 'The export too.' }],
      previousAttempts: [{ visit: 1, headline: 'Small.' }],
      source: { node: 'design/analysis', visit: 1 },
    });
  });

  it('leave nothing of the batch approval: every stop asks again', () => {
    const play = redesign(atWork());
    expect(play.run.autonomous).toBe(false);

    play.finish('design/analysis');
    expect(play.gates).toMatchObject([{ node: 'design/analysis', kind: 'stop-point' }]);
    expect(stepsToRepeat(PLAN, play.run)).toEqual(['plan', 'tasks']);
    play.decide('approve').finish('design/paper').finish('plan');

    expect(play.gates).toMatchObject([{ node: 'plan', kind: 'stop-point' }]);
    play
      .decide('approve')
      .finishAll('tasks[0]/execute', 'tasks[0]/commit')
      .finishAll('tasks[1]/execute', 'tasks[1]/commit', 'report');
    expect(play.run.status).toBe('succeeded');
  });

  it('keep what was committed and drop what was not', () => {
    const play = atWork();
    const { visit, attempt } = play.state('tasks[1]/execute');
    const result = done({ uncommitted: { sha: 'ccc', onto: 'aaa' } });
    play.apply({ type: 'node.finished', node: 'tasks[1]/execute', visit, attempt, result });
    expect(play.run.uncommitted).toEqual({ sha: 'ccc', onto: 'aaa' });

    redesign(play);

    expect(play.run).toMatchObject({ headSha: 'aaa', uncommitted: null });
  });

  it('are added to those said before, the oldest first', () => {
    const play = redesign(atWork()).take('design/analysis');

    redesign(play, 'And the import.');
    expect(play.dispatched).toEqual(['design/analysis']);
    play.finish('design/analysis').decide('revise', { text: 'In English.' });
    redesign(play, 'No export.');

    const { guidance = [] } = play.state('design/analysis').loopContext ?? {};
    expect(guidance.map(({ text }) => text)).toEqual([
      'The export too.',
      'And the import.',
      'In English.',
      'No export.',
    ]);
  });

  it('close the gates that are about the old ones', () => {
    const play = new Player(PLAN)
      .start()
      .finish('note')
      .finish('design/analysis')
      .decide('approve')
      .finish('design/paper')
      .finish('plan');
    expect(redesignedSteps(PLAN, play.run)).toEqual(['design', 'plan']);

    redesign(play);

    expect(play.gates).toEqual([]);
    expect(play.run.gates.at(-1)).toMatchObject({ status: 'void', voidReason: 'superseded' });
    expect(play.dispatched).toEqual(['design/analysis']);
  });

  it('wait for their step when its turn has not come yet', () => {
    const play = redesign(new Player(PLAN).start());
    expect(play.dispatched).toEqual([]);

    play.finish('note');

    expect(play.dispatched).toEqual(['design/analysis']);
    expect(play.state('design/analysis').loopContext?.guidance).toMatchObject([{ by: 'bob' }]);
  });

  it('answer the call for help of a run that could not go on', () => {
    const policies = { ...PLAN.policies, escalation: { handler: 'human', timeout_ms: 1_000 } };
    const play = new Player({ ...PLAN, policies }, { headSha: 'aaa' })
      .start()
      .finish('note')
      .finish('design/analysis')
      .decide('approve')
      .finish('design/paper', failed());
    expect(play.run.status).toBe('escalated');

    play.apply({ type: 'run.redesigned', by: 'bob', text: 'Smaller.', headSha: 'bbb' });

    expect(play.run).toMatchObject({ status: 'running', headSha: 'bbb' });
    expect(play.gates).toEqual([]);
    expect(play.dispatched).toEqual(['design/analysis']);
  });

  it.each([
    ['not-started', new Player(PLAN), 'x'],
    ['no-text', atWork(), ' '],
    ['settled', atWork().apply({ type: 'run.cancelled', by: 'bob', reason: null }), 'x'],
    ['not-offered', new Player(aPlan({ nodes: [agent('a')] })).start(), 'x'],
    ['settled', new Player(PLAN).start().finish('note', failed()), 'x'],
  ])('are refused as %s', (code, play, text) => {
    const before = play.run;

    redesign(play, text);

    expect(play.last.refusal?.code).toBe(code);
    expect(play.run).toBe(before);
  });

  it('are refused when their step was visited as often as it may', () => {
    const play = atWork();
    const cap = PLAN.policies.caps.visitsPerNode;

    for (let round = 1; round < cap; round += 1) redesign(play, `Round ${round}`);
    expect(play.last.refusal).toBeNull();
    redesign(play, 'Once more');

    expect(play.last.refusal?.code).toBe('no-rounds-left');
  });

  it('cannot be taken by a state machine', () => {
    const plan = aPlan({
      mode: 'state-machine',
      nodes: [agent('a', { join: 'signal' })],
      policies: { redesign: { to: 'a' } },
    });

    expect(redesign(new Player(plan).start()).last.refusal?.code).toBe('not-offered');
  });
});

describe('what sends a sub-workflow back', () => {
  it('is told to the steps it begins with', () => {
    const plan = aPlan({
      nodes: [
        call('build', 'cycle'),
        agent('review', { approval: aPolicy({ revise: { to: 'build', max: 2 } }) }),
      ],
      edges: chain('build', 'review'),
      graphs: INNER,
    });
    const play = new Player(plan)
      .start()
      .finishAll('build/execute', 'build/commit', 'review')
      .decide('revise', { text: 'Use the client.' });

    expect(play.dispatched).toEqual(['build/execute']);
    expect(play.state('build/execute').loopContext).toMatchObject({
      loop: 'revise',
      guidance: [{ text: 'Use the client.' }],
      source: { node: 'review', visit: 1 },
      workspace: 'keep',
    });
    play.finish('build/execute');
    expect(play.state('build/commit').loopContext).toBeNull();
  });
});
