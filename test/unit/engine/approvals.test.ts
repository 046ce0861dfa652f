import { describe, expect, it } from 'vitest';
import { visibleOutputs } from '#src/engine/read/visible-outputs.ts';
import {
  agent,
  aPlan,
  aPolicy,
  approval,
  auto,
  chain,
  edge,
  on,
} from '#test/support/engine/plan-builder.ts';
import { done, Player } from '#test/support/engine/player.ts';

const two = { role: 'write', teams: [], users: [], count: 2 } as const;

function gated(policy = aPolicy(), nodes = [agent('plan', { approval: policy })]): Player {
  return new Player(aPlan({ nodes: [...nodes, agent('build')], edges: chain('plan', 'build') }), {
    headSha: 'aaa',
  })
    .start()
    .finish('plan');
}

describe('approval after a step', () => {
  it('keeps the result and shows it to nobody before it is approved', () => {
    const play = gated();

    expect(play.state('plan')).toMatchObject({
      status: 'awaiting-approval',
      result: { headline: 'Done.' },
    });
    expect(visibleOutputs(play.plan, play.run, 'build')).toEqual([]);
    expect(play.run.status).toBe('waiting');

    play.decide('approve');

    expect(play.dispatched).toEqual(['build']);
    expect(visibleOutputs(play.plan, play.run, 'build')).toMatchObject([
      { name: 'plan', visit: 1 },
    ]);
  });

  it('binds the gate to the artefact and to the head', () => {
    const [gate] = gated(aPolicy({ prompt: 'Good enough?' })).gates;

    expect(gate).toMatchObject({
      id: 'G1',
      prompt: 'Good enough?',
      round: 1,
      when: 'after',
      subject: { output: 'plan', node: 'plan', digest: 'sha256:1', size: 5, headSha: 'aaa' },
      verdicts: ['approve', 'deny', 'revise', 'edit'],
      revise: { to: 'plan', left: 3, max: 3 },
    });
  });

  it.each([
    { what: 'an unknown gate', patch: { gate: 'G9' }, code: 'no-such-gate' },
    { what: 'a head that moved', patch: { headSha: 'bbb' }, code: 'head-moved' },
    { what: 'a commit that is not the head', patch: { sha: 'ccc' }, code: 'head-moved' },
    { what: 'a revision without a text', patch: { verdict: 'revise' }, code: 'no-text' },
    { what: 'a blank text', patch: { verdict: 'revise', text: '  ' }, code: 'no-text' },
    { what: 'a verdict the gate does not offer', patch: { verdict: 'retry' }, code: 'not-offered' },
    {
      what: 'a new text that is not stored',
      patch: { verdict: 'edit', text: 'x' },
      code: 'no-artefact',
    },
  ] as const)('refuses $what and changes nothing', ({ patch, code }) => {
    const play = gated();
    const before = play.run;

    play.decide('approve', patch);

    expect(play.last.refusal?.code).toBe(code);
    expect(play.run).toBe(before);
  });

  it('counts the first decision only', () => {
    const play = gated().decide('approve');

    play.decide('deny', { gate: 'G1', by: 'carol' });

    expect(play.last.refusal).toEqual({
      code: 'already-decided',
      message: 'bob has already decided gate G1.',
    });
  });

  it('accepts the full head that a person names', () => {
    expect(gated().decide('approve', { sha: 'aaa' }).dispatched).toEqual(['build']);
  });

  it('waits for as many people as are asked for, and counts nobody twice', () => {
    const play = gated(aPolicy({ approvers: two })).decide('approve');
    expect(play.status('plan')).toBe('awaiting-approval');
    expect(play.gates[0]?.votes).toMatchObject([{ by: 'bob' }]);

    play.decide('approve');
    expect(play.last.refusal?.code).toBe('already-voted');

    play.decide('approve', { by: 'carol' });
    expect(play.status('plan')).toBe('completed');
  });

  it('lets one person deny although two have to approve', () => {
    const play = gated(aPolicy({ approvers: two })).decide('deny', { text: null });

    expect(play.run).toMatchObject({
      status: 'failed',
      reason: { code: 'denied', message: 'plan: Denied by bob.' },
    });
  });

  it.each([
    { selfApprove: 'allow', alone: false, code: undefined },
    { selfApprove: 'deny', alone: true, code: 'self-approval' },
    { selfApprove: 'if_alone', alone: false, code: 'self-approval' },
    { selfApprove: 'if_alone', alone: true, code: undefined },
  ] as const)(
    'with self approval $selfApprove answers a starter (alone: $alone) with $code',
    ({ selfApprove, alone, code }) => {
      const play = gated(aPolicy({ selfApprove })).decide('approve', { by: 'alice', alone });

      expect(play.last.refusal?.code).toBe(code);
    },
  );

  it('remembers that nobody else could have decided, where that mattered', () => {
    const alone = (selfApprove: 'allow' | 'if_alone') =>
      gated(aPolicy({ selfApprove })).decide('approve', { by: 'alice', alone: true }).run.gates[0];

    expect(alone('if_alone')?.decision).toMatchObject({ by: 'alice', alone: true });
    expect(alone('allow')?.decision).not.toHaveProperty('alone');
  });

  it('lets the starter deny although they may not approve', () => {
    const play = gated(aPolicy({ selfApprove: 'deny' })).decide('deny', { by: 'alice' });

    expect(play.run.status).toBe('failed');
  });

  it('stops whatever else is running when it is denied', () => {
    const play = new Player(
      aPlan({ nodes: [agent('plan', { approval: aPolicy() }), agent('scan')] }),
    )
      .start()
      .finish('plan')
      .take('scan');

    play.decide('deny');

    expect(play.stopped).toEqual(['scan']);
    expect(play.run.status).toBe('failed');
  });

  it('follows the answer of the step, not the approval, to what comes next', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('judge', { approval: aPolicy() }), agent('good'), agent('bad')],
        edges: [
          edge('judge -> good', { type: 'text', op: 'contains', value: 'pass' }),
          edge('judge -> bad', { type: 'text', op: 'not_contains', value: 'pass' }),
        ],
      }),
    )
      .start()
      .finish('judge', done({ text: 'They PASS.' }));

    expect(play.decide('approve').dispatched).toEqual(['good']);
  });

  it('asks when the agent doubts its own answer, whatever the workflow says', () => {
    const play = new Player(aPlan({ nodes: [agent('plan')] }))
      .start()
      .finish('plan', done({ confidence: 'low' }));

    expect(play.gates).toMatchObject([{ kind: 'confidence', node: 'plan' }]);
    expect(play.decide('approve').run.status).toBe('succeeded');
  });

  it.each([
    { asks: true, status: 'waiting' },
    { asks: false, status: 'succeeded' },
  ])('is $status when confidence is missing and policy asks: $asks', ({ asks, status }) => {
    const reliability = { confidence: { missing_requires_approval: asks } };
    const play = new Player(aPlan({ nodes: [agent('plan')], policies: { reliability } }))
      .start()
      .finish('plan', done({ confidence: 'missing' }));

    expect(play.run.status).toBe(status);
  });

  it('does not ask anybody to approve a call for help', () => {
    const play = gated(aPolicy(), [agent('plan', { approval: aPolicy() })]);
    play.decide('revise', { text: 'again' });

    play.finish('plan', done({ outcome: 'escalate' }));

    expect(play.gates).toMatchObject([{ kind: 'escalation' }]);
  });
});

describe('/revise', () => {
  it('is not offered where the workflow switches it off', () => {
    const play = gated(aPolicy({ revise: { to: 'plan', max: 0 } }));

    expect(play.run.gates.at(-1)).toMatchObject({
      revise: null,
      verdicts: ['approve', 'deny', 'edit'],
    });
  });

  it('visits the step again with the text, and asks in a new round', () => {
    const play = gated();

    play.decide('revise', { text: 'Use the existing client.' });

    expect(play.dispatched).toEqual(['plan']);
    expect(play.state('plan')).toMatchObject({
      visit: 2,
      result: null,
      loopContext: {
        loop: 'revise',
        iteration: 1,
        guidance: [{ by: 'bob', text: 'Use the existing client.' }],
        previousAttempts: [{ visit: 1, headline: 'Done.' }],
      },
    });
    expect(play.finish('plan').gates).toMatchObject([
      { id: 'G2', round: 2, revise: { left: 2, max: 3 } },
    ]);
  });

  it('keeps what was said in earlier rounds', () => {
    const play = gated().decide('revise', { text: 'one' }).finish('plan');

    play.decide('revise', { text: 'two' });

    expect(play.state('plan').loopContext?.guidance.map(({ text }) => text)).toEqual([
      'one',
      'two',
    ]);
  });

  it('refuses a further round when all are used', () => {
    const play = gated(aPolicy({ revise: { to: 'plan', max: 1 } }));
    play.decide('revise', { text: 'one' }).finish('plan');

    play.decide('revise', { text: 'two' });

    expect(play.last.refusal).toEqual({
      code: 'no-rounds-left',
      message: 'All 1 rounds of revision are used: approve or deny.',
    });
    expect(play.decide('approve').dispatched).toEqual(['build']);
  });

  it('goes back to the step that made what an approval node is about', () => {
    const play = new Player(
      aPlan({
        nodes: [
          agent('draft'),
          agent('check'),
          approval('ok', { subject: 'draft' }),
          agent('ship'),
        ],
        edges: chain('draft', 'check', 'ok', 'ship'),
      }),
    )
      .start()
      .finishAll('draft', 'check');
    expect(play.gates).toMatchObject([
      {
        node: 'ok',
        subject: { node: 'draft', output: 'draft' },
        verdicts: ['approve', 'deny', 'revise'],
      },
    ]);

    play.decide('revise', { text: 'shorter' });

    expect(play.dispatched).toEqual(['draft']);
    expect(play.state('check')).toMatchObject({ status: 'idle', visit: 2 });
  });

  it('is not offered where nothing can be made again', () => {
    const asks = aPolicy();
    const play = new Player(aPlan({ nodes: [auto('lint', { approval: asks }), approval('ok')] }))
      .start()
      .finish('lint');

    expect(play.gates.map(({ verdicts }) => verdicts)).toEqual([
      ['approve', 'deny'],
      ['approve', 'deny'],
    ]);
  });
});

describe('/edit', () => {
  const edited = { digest: 'sha256:2', size: 9, headline: 'My plan.' };

  it('replaces the artefact and goes on with it', () => {
    const play = gated().decide('edit', { text: 'My plan.', edited });

    expect(play.state('plan')).toMatchObject({
      status: 'completed',
      result: { digest: 'sha256:2', size: 9, headline: 'My plan.' },
    });
    expect(play.dispatched).toEqual(['build']);
  });

  it('asks the conditions about the new text', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('route', { approval: aPolicy() }), agent('a'), agent('b')],
        edges: [
          edge('route -> a', { type: 'text', op: 'contains', value: 'take a' }),
          edge('route -> b', { type: 'field', path: 'way', op: 'equals', value: 'b' }),
        ],
      }),
    )
      .start()
      .finish('route', done({ text: 'take a', data: { way: 'a' } }));

    play.decide('edit', { text: 'no', edited: { ...edited, data: { way: 'b' } } });

    expect(play.dispatched).toEqual(['b']);
  });

  it('makes the others vote on the new artefact', () => {
    const play = gated(aPolicy({ approvers: two })).decide('approve', { by: 'carol' });

    play.decide('edit', { text: 'My plan.', edited });

    expect(play.run.gates).toMatchObject([
      { id: 'G1', status: 'void', voidReason: 'edited' },
      { id: 'G2', status: 'open', votes: [{ by: 'bob' }], subject: { digest: 'sha256:2' } },
    ]);
    expect(play.decide('approve', { by: 'carol' }).dispatched).toEqual(['build']);
  });
});

describe('approval before a step', () => {
  const before = () =>
    new Player(aPlan({ nodes: [agent('deploy', { approval: aPolicy({ when: 'before' }) })] }), {
      headSha: 'aaa',
    }).start();

  it('executes nothing before somebody agrees', () => {
    const play = before();
    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ when: 'before', verdicts: ['approve', 'deny'] }]);

    expect(play.decide('approve').dispatched).toEqual(['deploy']);
  });

  it('asks again when the branch moved between the approval and the start', () => {
    const play = before().apply({ type: 'run.held', by: 'bob' }).decide('approve');
    expect(play.dispatched).toEqual([]);

    play.apply({ type: 'head.moved', headSha: 'bbb', by: 'mallory' });
    play.apply({ type: 'run.unheld', by: 'bob' });

    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ id: 'G2', subject: { headSha: 'bbb' } }]);
  });

  it('stands for every attempt of the visit', () => {
    const play = before().decide('approve').take('deploy');

    play.apply({ type: 'node.interrupted', node: 'deploy', visit: 1, attempt: 1, reason: 'stop' });

    expect(play.dispatched).toEqual(['deploy']);
  });
});

describe('approval and a moving head', () => {
  it('takes an approval back that nothing was built on yet', () => {
    const play = gated().apply({ type: 'run.held', by: 'bob' }).decide('approve');
    expect(play.status('build')).toBe('ready');

    play.apply({ type: 'head.moved', headSha: 'bbb', by: 'mallory' });

    expect(play.status('plan')).toBe('awaiting-approval');
    expect(play.status('build')).toBe('idle');
    expect(play.run.gates).toMatchObject([
      { id: 'G1', status: 'void', voidReason: 'head-moved' },
      { id: 'G2', status: 'open', subject: { headSha: 'bbb' } },
    ]);
    play.apply({ type: 'run.unheld', by: 'bob' });
    expect(play.decide('approve').dispatched).toEqual(['build']);
  });

  /** Behind the approval of `a` wait, while the run is held, those that its answer leads to. */
  const atCrossroads = () =>
    new Player(
      aPlan({
        nodes: [
          agent('a', { approval: aPolicy() }),
          ...['other', 'good', 'bad', 'join', 'last'].map((id) => agent(id)),
        ],
        edges: [
          edge('a -> good', { type: 'field', path: 'score', op: 'gte', value: 5 }),
          edge('a -> bad', { type: 'field', path: 'score', op: 'lt', value: 5 }),
          edge('a -> join', { type: 'field', path: 'score', op: 'gte', value: 5 }),
          edge('other -> join'),
          edge('good -> last'),
        ],
      }),
      { headSha: 'aaa' },
    )
      .start()
      .finish('other')
      .finish('a', done({ data: { score: 1 } }))
      .apply({ type: 'run.held', by: 'bob' })
      .decide('approve');

  it('takes back as well what could start because the answer does not lead there', () => {
    const play = atCrossroads();
    expect(play.statuses('bad', 'join', 'good', 'last')).toEqual({
      bad: 'ready',
      join: 'ready',
      good: 'pruned',
      last: 'pruned',
    });

    play.apply({ type: 'head.moved', headSha: 'bbb', by: 'mallory' });
    play.apply({ type: 'run.unheld', by: 'bob' });

    expect(play.dispatched).toEqual([]);
    expect(play.statuses('bad', 'join', 'good', 'last')).toEqual({
      bad: 'idle',
      join: 'idle',
      good: 'idle',
      last: 'idle',
    });
    expect(play.decide('approve').dispatched).toEqual(['bad', 'join']);
    expect(play.statuses('good', 'last')).toEqual({ good: 'pruned', last: 'pruned' });
  });

  it('goes where an answer leads that was edited after its approval was taken back', () => {
    const play = atCrossroads();
    play.apply({ type: 'head.moved', headSha: 'bbb', by: 'mallory' });
    play.apply({ type: 'run.unheld', by: 'bob' });

    play.decide('edit', {
      text: 'Better.',
      edited: { digest: 'sha256:2', size: 7, headline: 'Better.', data: { score: 9 } },
    });

    expect(play.dispatched).toEqual(['good', 'join']);
    expect(play.status('bad')).toBe('pruned');
    expect(play.finishAll('good', 'join', 'last').run.status).toBe('succeeded');
  });

  it('leaves an approval alone that the next step already works on', () => {
    const play = gated().decide('approve').take('build');

    play.apply({ type: 'head.moved', headSha: 'bbb', by: 'sam' });

    expect(play.status('plan')).toBe('completed');
    expect(play.run.headSha).toBe('bbb');
  });

  it('asks anew when a step of the run itself commits beside an open gate', () => {
    const play = new Player(
      aPlan({ nodes: [agent('plan', { approval: aPolicy() }), agent('docs')] }),
    )
      .start()
      .finish('plan')
      .finish('docs', done({ commit: 'c1', headSha: 'c1' }));

    expect(play.gates).toMatchObject([{ id: 'G2', subject: { headSha: 'c1' } }]);
  });

  it('ignores a head it knows', () => {
    const play = gated();
    const before = play.run;

    expect(play.apply({ type: 'head.moved', headSha: 'aaa', by: 'sam' }).run).toBe(before);
  });
});

describe('approval in a run that only looks at a pull request', () => {
  const reviewed = (patch: object = { subjectSha: 'p1' }) =>
    new Player(
      aPlan({
        nodes: [agent('review', { approval: aPolicy() }), agent('report')],
        edges: chain('review', 'report'),
      }),
      patch,
    )
      .start()
      .finish('review');
  const pushed = { type: 'head.moved', headSha: 'p2', headOf: 'subject', by: 'mallory' } as const;

  it('is bound to the commit the pull request stands on', () => {
    const play = reviewed();

    expect(play.gates).toMatchObject([{ subject: { headSha: 'p1', headOf: 'subject' } }]);
    expect(play.decide('approve', { headSha: 'p2' }).last.refusal?.code).toBe('head-moved');
    expect(play.decide('approve', { headSha: 'p1' }).dispatched).toEqual(['report']);
  });

  it('is void once somebody pushes to it', () => {
    const play = reviewed().apply(pushed);

    expect(play.run).toMatchObject({ headSha: null, subjectSha: 'p2' });
    expect(play.run.gates).toMatchObject([
      { id: 'G1', status: 'void', voidReason: 'head-moved' },
      { id: 'G2', status: 'open', subject: { headSha: 'p2', headOf: 'subject' } },
    ]);
    expect(play.last.records).toContainEqual(
      expect.objectContaining({ kind: 'head-moved', actor: 'mallory', detail: 'p2' }),
    );
  });

  it('is taken back as long as nothing was built on it', () => {
    const play = reviewed()
      .apply({ type: 'run.held', by: 'bob' })
      .decide('approve', { headSha: 'p1' });

    play.apply(pushed).apply({ type: 'run.unheld', by: 'bob' });

    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ node: 'review', subject: { headSha: 'p2' } }]);
  });

  it('is asked again when the run goes on after a push', () => {
    const play = reviewed().decide('deny', { headSha: 'p1' });
    const { headSha, headOf } = pushed;

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null, headSha, headOf });

    expect(play.gates).toMatchObject([{ node: 'review', subject: { headSha: 'p2' } }]);
  });

  it('is about the own work of a run as soon as there is some', () => {
    const play = reviewed()
      .decide('approve', { headSha: 'p1' })
      .finish('report', done({ commit: 'c1', headSha: 'c1' }));
    const before = play.run;

    expect(play.apply(pushed).run).toBe(before);
  });

  it('stays as it was in a run of an older version', () => {
    const play = reviewed({});
    const { run: before } = play;

    expect(play.apply(pushed).run).toBe(before);
    expect(play.decide('approve', { headSha: null }).dispatched).toEqual(['report']);
  });
});

describe('stop points', () => {
  const recipe = () =>
    new Player(
      aPlan({
        nodes: [
          agent('prd', { stopPoint: true }),
          agent('plan', { stopPoint: true, approval: aPolicy({ batch: true }) }),
          agent('task', { stopPoint: true }),
          approval('last', { stopPoint: true }),
          agent('release', { approval: aPolicy({ when: 'before' }) }),
        ],
        edges: chain('prd', 'plan', 'task', 'last', 'release'),
      }),
    ).start();

  it('wait for a person', () => {
    const play = recipe().finish('prd');

    expect(play.gates).toMatchObject([{ kind: 'stop-point', node: 'prd' }]);
  });

  it('pass by themselves after the batch approval, which covers no other approval', () => {
    const play = recipe().finish('prd').decide('approve').finish('plan').decide('approve');
    expect(play.run.autonomous).toBe(true);

    play.finish('task');

    expect(play.status('last')).toBe('completed');
    expect(play.gates).toMatchObject([{ node: 'release', kind: 'approval' }]);
  });
});

describe('an approval node', () => {
  it('lets its conditions see who approved', () => {
    const play = new Player(
      aPlan({
        nodes: [approval('ok'), agent('ship')],
        edges: [edge('ok -> ship', on('ok'))],
      }),
    ).start();

    play.decide('approve');

    expect(play.state('ok').result).toMatchObject({
      headline: 'Approved by bob.',
      data: { approvedBy: 'bob' },
    });
    expect(play.dispatched).toEqual(['ship']);
  });
});
