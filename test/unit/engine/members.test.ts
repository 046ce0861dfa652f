import { describe, expect, it } from 'vitest';
import { visibleOutputs } from '#src/engine/read/visible-outputs.ts';
import type { ForeachNode } from '#src/plan/plan.ts';
import {
  agent,
  aPlan,
  aPolicy,
  call,
  chain,
  edge,
  foreach,
  group,
  loop,
  on,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

describe('a call', () => {
  const inner = { nodes: [agent('a'), agent('b')], edges: chain('a', 'b') };

  it('runs another graph as part of the same run and returns what it names', () => {
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner', { output: 'built' }), agent('ship')],
        edges: [
          edge('build -> ship', { type: 'field', path: 'summary.ok', op: 'equals', value: true }),
        ],
        graphs: { inner: { ...inner, returns: { summary: 'b' } } },
      }),
    ).start();
    expect(play.dispatched).toEqual(['build/a']);
    expect(play.status('build')).toBe('running');

    play.finish('build/a').finish('build/b', done({ data: { ok: true } }));

    expect(play.state('build')).toMatchObject({
      status: 'completed',
      result: { data: { summary: { ok: true } } },
    });
    expect(play.dispatched).toEqual(['ship']);
  });

  it('takes plain parameters as they are, and lets its conditions see them', () => {
    const when = { type: 'output', path: 'mode', op: 'equals', value: 'fast' } as const;
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner', { params: { mode: 'fast' } })],
        graphs: { inner: { nodes: [agent('a', { when }), agent('b')] } },
      }),
    ).start();

    expect(play.dispatched).toEqual(['build/a', 'build/b']);
    expect(play.run.frames['build/']?.params).toEqual({ mode: 'fast' });
  });

  it('asks a worker to render parameters that are templates', () => {
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner', { params: { scope: '{{ plan }}' } })],
        graphs: { inner },
      }),
    ).start();
    expect(play.dispatched).toEqual(['build']);
    expect(play.state('build').phase).toBe('prepare');

    play.finish('build', done({ data: { scope: 'api' } }));

    expect(play.run.frames['build/']?.params).toEqual({ scope: 'api' });
    expect(play.dispatched).toEqual(['build/a']);
  });

  it('fails with the reason of what failed inside', () => {
    const play = new Player(aPlan({ nodes: [call('build', 'inner')], graphs: { inner } })).start();

    play.finish('build/a', failed({ reason: 'out-of-disk', message: 'No space.' }));

    expect(play.state('build')).toMatchObject({
      status: 'failed',
      reason: { code: 'out-of-disk', message: 'No space.' },
    });
    expect(play.run.reason).toEqual({ code: 'out-of-disk', message: 'build/a: No space.' });
  });

  it('starts from the beginning when it is retried, in new visits', () => {
    const play = new Player(
      aPlan({ nodes: [call('build', 'inner', { retries: 1 })], graphs: { inner } }),
    )
      .start()
      .finish('build/a')
      .finish('build/b', failed());

    expect(play.dispatched).toEqual(['build/a']);
    expect(play.state('build/a').visit).toBe(2);
    expect(play.state('build')).toMatchObject({ visit: 1, attempt: 2 });
  });

  it('makes the run wait when something inside waits', () => {
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner')],
        graphs: { inner: { nodes: [agent('a', { approval: aPolicy() })] } },
      }),
    )
      .start()
      .finish('build/a');

    expect(play.run.status).toBe('waiting');
    expect(play.decide('approve').run.status).toBe('succeeded');
  });

  it('carries a call for help from inside to the top', () => {
    const play = new Player(aPlan({ nodes: [call('build', 'inner')], graphs: { inner } }))
      .start()
      .finish('build/a', done({ outcome: 'escalate', headline: 'Which API?' }));
    expect(play.run.status).toBe('escalated');
    expect(play.gates).toMatchObject([{ node: 'build/a', trigger: 'Which API?' }]);

    play.decide('guide', { text: 'v2' });

    expect(play.dispatched).toEqual(['build/a']);
    expect(play.finishAll('build/a', 'build/b').run.status).toBe('succeeded');
  });

  it('can be approved as a whole', () => {
    const play = new Player(
      aPlan({ nodes: [call('build', 'inner', { approval: aPolicy() })], graphs: { inner } }),
    )
      .start()
      .finishAll('build/a', 'build/b');

    expect(play.gates).toMatchObject([{ node: 'build' }]);
    expect(play.decide('approve').run.status).toBe('succeeded');
  });

  it('goes on numbering visits when a loop enters it again', () => {
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner'), agent('review')],
        edges: chain('build', 'review'),
        loops: [loop('again: review -> build')],
        graphs: { inner },
      }),
    )
      .start()
      .finishAll('build/a', 'build/b')
      .finish('review', done({ outcome: 'revise' }));
    expect(play.dispatched).toEqual(['build/a']);
    const before = play.run;

    play.apply({ type: 'node.finished', node: 'build/a', visit: 1, attempt: 1, result: done() });

    expect(play.run).toBe(before);
    expect(play.state('build/a').visit).toBe(2);
  });

  it('refuses to go deeper than any sensible workflow', () => {
    const graphs = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`g${at}`, { nodes: [call('in', `g${at + 1}`)] }]),
    );
    const play = new Player(
      aPlan({ nodes: [call('in', 'g0')], graphs: { ...graphs, g20: { nodes: [] } } }),
    ).start();

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'call-depth' } });
  });

  it('stops when its steps were visited too often in all', () => {
    const caps = { visitsPerNode: 2, steps: 99, tokens: null, usd: null, wallMs: null };
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner', { retries: 9 })],
        graphs: { inner: { nodes: [agent('a')] } },
        policies: { caps },
      }),
    )
      .start()
      .finish('build/a', failed())
      .finish('build/a', failed());

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'visit-cap' } });
  });
});

describe('a group', () => {
  const inner = { nodes: [agent('x'), agent('y'), agent('z')] };
  const grouped = (patch = {}) =>
    new Player(
      aPlan({
        nodes: [group('checks', 'inner', patch), agent('end')],
        edges: chain('checks', 'end'),
        graphs: { inner },
      }),
    ).start();

  it('has one joint outcome that conditions can look into', () => {
    const approved = (id: string) =>
      ({
        type: 'field',
        path: `members.${id}.statusRaw`,
        op: 'equals',
        value: 'approved',
      }) as const;
    const play = new Player(
      aPlan({
        nodes: [group('reviews', 'inner'), agent('merge'), agent('fix')],
        edges: [
          edge('reviews -> merge', {
            type: 'all',
            of: [approved('x'), approved('y'), approved('z')],
          }),
          edge('reviews -> fix', {
            type: 'not',
            of: { type: 'all', of: [approved('x'), approved('y'), approved('z')] },
          }),
        ],
        graphs: { inner },
      }),
    ).start();
    const yes = done({ statusRaw: 'approved' });

    play.finish('reviews/x', yes).finish('reviews/y', yes).finish('reviews/z', yes);

    expect(play.dispatched).toEqual(['merge']);
    expect(play.state('reviews').result?.headline).toBe('3 of 3 members are done.');
  });

  it('goes on after the first success when one is enough, and stops the others', () => {
    const play = grouped({ completeWhen: 'any' }).take('checks/x').take('checks/y');

    play.finish('checks/z');

    expect(play.stopped).toEqual(['checks/x', 'checks/y']);
    expect(play.dispatched).toEqual(['end']);
    expect(play.status('checks/x')).toBe('cancelled');
  });

  it('survives failures as long as enough members can still succeed', () => {
    const play = grouped({ completeWhen: 2 }).finish('checks/x', failed()).finish('checks/y');
    expect(play.status('checks')).toBe('running');

    expect(play.finish('checks/z').dispatched).toEqual(['end']);
    expect(play.state('checks').result?.warnings).toEqual(['x failed.']);
  });

  it.each([2, 'any'] as const)(
    'counts a member that was waived as done, but not as the first of "any": %s',
    (completeWhen) => {
      const play = grouped({ completeWhen });
      play.finish('checks/x', done({ outcome: 'waived' }));
      expect(play.status('checks')).toBe('running');

      expect(play.finish('checks/y').dispatched).toEqual(['end']);
    },
  );

  it('is done when all its members were waived, however many were asked for', () => {
    const play = grouped({ completeWhen: 2 });

    for (const id of ['x', 'y', 'z']) play.finish(`checks/${id}`, done({ outcome: 'waived' }));

    expect(play.dispatched).toEqual(['end']);
  });

  it('fails with its first member when all are needed', () => {
    const play = grouped().finish('checks/x', failed()).finishAll('checks/y', 'checks/z');

    expect(play.run.status).toBe('failed');
  });

  it('goes on with the rest when failures are to be accepted', () => {
    const play = grouped({ onMemberFailure: 'continue' })
      .finish('checks/x', failed())
      .finish('checks/y')
      .finish('checks/z', failed());

    expect(play.dispatched).toEqual(['end']);
    expect(play.state('checks').result?.warnings).toEqual(['x failed.', 'z failed.']);
  });

  it('fails when not a single member succeeded', () => {
    const play = grouped({ onMemberFailure: 'continue' })
      .finish('checks/x', failed())
      .finish('checks/y', failed())
      .finish('checks/z', failed());

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'not-enough-members' } });
  });

  it('re-runs only what has not passed, where members are done once and for all', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('fix'), group('verify', 'inner')],
        edges: chain('fix', 'verify'),
        loops: [
          loop('verify_fix: verify -> fix', {
            trigger: { type: 'field', path: 'members.y.outcome', op: 'equals', value: 'revise' },
          }),
        ],
        graphs: {
          inner: {
            nodes: [
              agent('x', { once: true }),
              agent('y', { once: true, disposition: 'optional' }),
            ],
          },
        },
      }),
    )
      .start()
      .finish('fix')
      .finish('verify/x')
      .finish('verify/y', done({ outcome: 'revise' }));
    expect(play.dispatched).toEqual(['fix']);

    expect(play.finish('fix').dispatched).toEqual(['verify/y']);
    expect(play.finish('verify/y').run.status).toBe('succeeded');
    expect(play.state('verify/x').visit).toBe(1);
  });

  it('keeps to the outcomes of its members when their data are too large', () => {
    const play = grouped().finishAll('checks/x', 'checks/y');

    play.finish('checks/z', done({ data: { log: 'x'.repeat(19_990) } }));

    expect(play.state('checks').result?.data).toMatchObject({ members: { z: { outcome: 'ok' } } });
  });
});

describe('a foreach', () => {
  const looped = (patch: Partial<ForeachNode> = {}) =>
    new Player(
      aPlan({
        nodes: [
          foreach('tasks', 'task', {
            items: { type: 'list', items: ['a', 'b', 'c'] },
            output: 'all',
            ...patch,
          }),
          agent('end'),
        ],
        edges: chain('tasks', 'end'),
        graphs: { task: { nodes: [agent('do')] } },
      }),
    ).start();

  it('runs one frame per item, so many at a time, in order', () => {
    const play = looped({ maxParallel: 2 });
    expect(play.dispatched).toEqual(['tasks[0]/do', 'tasks[1]/do']);
    expect(play.run.frames['tasks[1]/']).toMatchObject({ index: 1, item: 'b', tries: 0 });

    expect(play.finish('tasks[1]/do').dispatched).toEqual(['tasks[2]/do']);
    expect(play.finishAll('tasks[0]/do', 'tasks[2]/do').dispatched).toEqual(['end']);
    expect(play.state('tasks').result?.headline).toBe('3 of 3 items are done.');
  });

  it('asks a worker for items that are not in the plan', () => {
    const play = looped({ items: { type: 'files', glob: 'tasks/*.md' } });
    expect(play.dispatched).toEqual(['tasks']);
    expect(play.state('tasks').phase).toBe('prepare');

    play.finish('tasks', done({ items: ['x', 'y'] }));

    expect(play.state('tasks').items).toEqual(['x', 'y']);
    expect(play.dispatched).toEqual(['tasks[0]/do']);
  });

  it('is done at once without items', () => {
    expect(looped({ items: { type: 'list', items: [] } }).dispatched).toEqual(['end']);
  });

  it('tries the worker again that could not read the items', () => {
    const play = looped({ items: { type: 'files', glob: '*' }, retries: 1 }).finish(
      'tasks',
      failed(),
    );

    expect(play.dispatched).toEqual(['tasks']);
    expect(play.state('tasks')).toMatchObject({ phase: 'prepare', attempt: 2 });
  });

  it('gives each member its own retries', () => {
    const play = looped({ memberRetries: 1 }).finish('tasks[0]/do', failed());
    expect(play.dispatched).toEqual(['tasks[0]/do']);
    expect(play.run.frames['tasks[0]/']?.tries).toBe(1);

    play.finish('tasks[0]/do', failed());

    expect(play.run.status).toBe('failed');
  });

  it('fails as a whole with the first lost item, and lets running ones end', () => {
    const play = looped({ maxParallel: 2 }).take('tasks[1]/do').finish('tasks[0]/do', failed());
    expect(play.run.status).toBe('running');

    play.finish('tasks[1]/do');

    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'crashed' } });
    expect(play.run.frames['tasks[2]/']).toBeUndefined();
  });

  it('goes on with the other items where failures are to be accepted', () => {
    const play = looped({ onMemberFailure: 'continue' })
      .finish('tasks[0]/do', failed())
      .finishAll('tasks[1]/do', 'tasks[2]/do');

    expect(play.dispatched).toEqual(['end']);
    expect(play.state('tasks').result?.warnings).toEqual(['Item 0 failed: It crashed.']);
  });

  it('needs at least one success', () => {
    const play = looped({ onMemberFailure: 'continue', items: { type: 'list', items: ['a'] } });

    expect(play.finish('tasks[0]/do', failed()).run.status).toBe('failed');
  });

  it('ends early when enough items are done', () => {
    const play = looped({ completeWhen: 'any', maxParallel: 3 }).finish('tasks[2]/do');

    expect(play.stopped).toEqual(['tasks[0]/do', 'tasks[1]/do']);
    expect(play.dispatched).toEqual(['end']);
  });

  it('ends as soon as enough items cannot be done any more', () => {
    const play = looped({ completeWhen: 2, maxParallel: 3 })
      .finish('tasks[0]/do', failed())
      .finish('tasks[1]/do', failed());
    expect(play.status('tasks')).toBe('running');

    expect(play.finish('tasks[2]/do').run.status).toBe('failed');
  });

  const dependent = [
    { id: 'schema' },
    { id: 'api', depends_on: ['schema', 'unknown'] },
    { id: 'docs' },
    { id: 'ui', depends_on: ['api'] },
  ];

  it('starts an item after those it depends on', () => {
    const play = looped({ items: { type: 'list', items: dependent }, maxParallel: 4 });
    expect(play.dispatched).toEqual(['tasks[0]/do', 'tasks[2]/do']);

    expect(play.finish('tasks[0]/do').dispatched).toEqual(['tasks[1]/do']);
    expect(play.finish('tasks[1]/do').dispatched).toEqual(['tasks[3]/do']);
  });

  it('fails when items are left that can never start', () => {
    const items = [{ id: 'a' }, { id: 'b', depends_on: ['a'] }];
    const play = looped({
      items: { type: 'list', items },
      onMemberFailure: 'continue',
      completeWhen: 2,
    });

    expect(play.finish('tasks[0]/do', failed()).run.status).toBe('failed');
  });

  it('blocks only the items that depend on a lost one', () => {
    const play = looped({
      items: { type: 'list', items: dependent },
      maxParallel: 4,
      onMemberFailure: 'continue',
    })
      .finish('tasks[0]/do', failed())
      .finish('tasks[2]/do');

    expect(play.dispatched).toEqual(['end']);
    expect(play.run.frames['tasks[1]/']).toBeUndefined();
  });

  it('shows its item to conditions inside, and its results outside', () => {
    const when = { type: 'output', path: 'task.kind', op: 'equals', value: 'code' } as const;
    const play = new Player(
      aPlan({
        nodes: [
          agent('before'),
          foreach('tasks', 'task', {
            as: 'task',
            output: 'all',
            items: { type: 'list', items: [{ kind: 'code' }, { kind: 'docs' }] },
          }),
          agent('end'),
        ],
        edges: chain('before', 'tasks', 'end'),
        graphs: { task: { nodes: [agent('do', { when }), agent('log')], edges: [] } },
      }),
    )
      .start()
      .finish('before');
    expect(play.dispatched).toEqual(['tasks[0]/do', 'tasks[0]/log']);
    expect(visibleOutputs(play.plan, play.run, 'tasks[0]/do').map(({ name }) => name)).toEqual([
      'before',
    ]);

    play.finishAll('tasks[0]/do', 'tasks[0]/log', 'tasks[1]/log');

    expect(play.status('tasks[1]/do')).toBe('pruned');
    expect(visibleOutputs(play.plan, play.run, 'end')).toMatchObject([
      { name: 'before' },
      {
        name: 'all',
        parts: [
          { name: '0', parts: [{ name: 'do' }, { name: 'log' }] },
          { name: '1', parts: [{ name: 'log' }] },
        ],
      },
    ]);
  });

  it('runs its items afresh when it is retried as a whole', () => {
    const play = looped({ retries: 1 }).finish('tasks[0]/do').finish('tasks[1]/do', failed());

    expect(play.dispatched).toEqual(['tasks[0]/do']);
    expect(play.state('tasks[0]/do').visit).toBe(2);
  });
});

describe('members and failures around them', () => {
  it('are drained when another step fails, and go on when the run is resumed', () => {
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner'), agent('other')],
        graphs: { inner: { nodes: [agent('a'), agent('b')], edges: chain('a', 'b') } },
      }),
    )
      .start()
      .take('build/a')
      .finish('other', failed())
      .finish('build/a');
    expect(play.run.status).toBe('failed');
    expect(play.statuses('build', 'build/a', 'build/b')).toEqual({
      build: 'cancelled',
      'build/a': 'completed',
      'build/b': 'cancelled',
    });

    play.apply({ type: 'run.resumed', by: 'bob', guidance: null, node: null });

    expect(play.dispatched).toEqual(['build/b', 'other']);
  });

  it('do not fail the run when the composite step is optional', () => {
    const play = new Player(
      aPlan({
        nodes: [call('lint', 'inner', { disposition: 'optional' }), agent('ship')],
        edges: [edge('lint -> ship', on('ok'))],
        graphs: { inner: { nodes: [agent('a')] } },
      }),
    )
      .start()
      .finish('lint/a', failed());

    expect(play.dispatched).toEqual(['ship']);
    expect(play.finish('ship').run.status).toBe('succeeded');
  });

  it('count what they cost once for the run and once for the step they belong to', () => {
    const usage = { inputTokens: 3, outputTokens: 4, usd: 0.5 };
    const play = new Player(
      aPlan({
        nodes: [call('build', 'inner')],
        graphs: { inner: { nodes: [agent('a'), agent('b')] } },
      }),
    )
      .start()
      .finish('build/a', done({ usage }))
      .finish('build/b', done({ usage }));

    expect(play.run.counters.usage).toEqual({ inputTokens: 6, outputTokens: 8, usd: 1 });
    expect(play.state('build').usage).toEqual({ inputTokens: 6, outputTokens: 8, usd: 1 });
  });
});
