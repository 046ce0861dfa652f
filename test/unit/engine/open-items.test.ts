import { describe, expect, it } from 'vitest';
import { openItemsFor, openItemsOf } from '#src/engine/read/open-items.ts';
import {
  agent,
  aPlan,
  aPolicy,
  call,
  chain,
  foreach,
  group,
  loop,
  type PlanParts,
} from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const build = agent('build', { workspace: 'write', openItems: 'hold' });
const reviewing: PlanParts = {
  nodes: [agent('draft'), agent('review'), agent('refine'), build],
  edges: chain('draft', 'review', 'refine', 'build'),
  loops: [loop('again: review -> draft')],
};
const twoItems = done({ openItems: ['Name the owner', 'Add an index'] });

/** A review that was approved under two conditions, and a step after it that does this about them. */
function reviewed(resolvedItems: readonly string[] = [], parts: PlanParts = reviewing): Player {
  return new Player(aPlan(parts))
    .start()
    .finish('draft')
    .finish('review', twoItems)
    .finish('refine', done({ resolvedItems }));
}

const texts = (play: Player) => openItemsOf(play.plan, play.run).map(({ text }) => text);

describe('conditions of an earlier approval', () => {
  it('are open until somebody settles them, and told to what comes after', () => {
    const play = reviewed();

    expect(openItemsFor(play.plan, play.run, 'build')).toEqual([
      { id: 'review@1#1', node: 'review', text: 'Name the owner' },
      { id: 'review@1#2', node: 'review', text: 'Add an index' },
    ]);
    expect(openItemsFor(play.plan, play.run, 'draft')).toEqual([]);
  });

  it.each([
    ['by its id', 'review@1#1'],
    ['by its id in brackets', '[review@1#1]'],
    ['as it is listed', '[review@1#1] Name the owner'],
    ['in its own words', 'name  the owner '],
  ])('are closed %s by a step that settled them', (_, named) => {
    expect(texts(reviewed([named]))).toEqual(['Add an index']);
  });

  it('stay open when a step claims to have settled something else', () => {
    expect(texts(reviewed(['review@2#1', 'review@1#11', 'owner']))).toHaveLength(2);
  });

  it('are open again when what settled them is taken back', () => {
    const gated = agent('last', { approval: aPolicy({ revise: { to: 'refine', max: 1 } }) });
    const play = new Player(
      aPlan({
        nodes: [agent('review'), agent('refine'), gated],
        edges: chain('review', 'refine', 'last'),
      }),
    )
      .start()
      .finish('review', twoItems)
      .finish('refine', done({ resolvedItems: ['review@1#1', 'review@1#2'] }))
      .finish('last');
    expect(texts(play)).toEqual([]);

    play.decide('revise', { text: 'Once more.' });

    expect(texts(play)).toHaveLength(2);
  });

  it('go when the review finds none on its next visit', () => {
    const play = reviewed().decide('revise', { text: 'Do both.' });

    play.finishAll('draft', 'review', 'refine');

    expect(play.dispatched).toEqual(['build']);
  });

  it('are those of the verdict that a person wrote instead', () => {
    const gated = agent('review', { approval: aPolicy() });
    const play = new Player(aPlan({ nodes: [gated, build], edges: chain('review', 'build') }))
      .start()
      .finish('review', twoItems);
    const edited = { digest: 'sha256:2', size: 3, headline: 'Mine.' };

    play.decide('edit', { text: '{}', edited: { ...edited, data: { conditions: ['Say when'] } } });

    expect(texts(play)).toEqual(['Say when']);
  });

  it('of a member that failed hold nobody', () => {
    const play = new Player(
      aPlan({
        nodes: [
          foreach('each', 'one', {
            items: { type: 'list', items: ['a', 'b'] },
            onMemberFailure: 'continue',
          }),
          build,
        ],
        edges: chain('each', 'build'),
        graphs: { one: { nodes: [agent('review'), agent('try')], edges: chain('review', 'try') } },
      }),
    )
      .start()
      .finish('each[0]/review', twoItems)
      .finish('each[0]/try', failed())
      .finishAll('each[1]/review', 'each[1]/try');

    expect(play.dispatched).toEqual(['build']);
  });
});

describe('a step that holds', () => {
  it('does not start while items are open: people get the list', () => {
    const play = reviewed(['review@1#2']);

    expect(play.dispatched).toEqual([]);
    expect(play.run.status).toBe('waiting');
    expect(play.gates).toMatchObject([
      {
        kind: 'open-items',
        node: 'build',
        when: 'before',
        trigger: 'A condition of an earlier approval is still open.',
        openItems: [{ id: 'review@1#1', text: 'Name the owner' }],
        verdicts: ['approve', 'deny', 'revise'],
        revise: { to: 'draft', left: 3 },
      },
    ]);
  });

  it('starts by itself when nothing is open', () => {
    expect(reviewed(['review@1#1', 'review@1#2']).dispatched).toEqual(['build']);
  });

  it('starts when a person accepts the items as they are, who is kept with them', () => {
    const play = reviewed().decide('approve', { by: 'carol' });

    expect(play.dispatched).toEqual(['build']);
    expect(texts(play)).toEqual([]);
    expect(play.run.gates[0]).toMatchObject({
      decision: { verdict: 'approve', by: 'carol' },
      openItems: [{ text: 'Name the owner' }, { text: 'Add an index' }],
    });
  });

  it('goes back to the author of what was reviewed, with the items and the words', () => {
    const play = reviewed().decide('revise', { text: 'Do both.' });

    expect(play.dispatched).toEqual(['draft']);
    expect(play.state('draft')).toMatchObject({
      visit: 2,
      loopContext: {
        failures: ['Name the owner', 'Add an index'],
        guidance: [{ by: 'bob', text: 'Do both.' }],
        source: { node: 'review', visit: 1 },
      },
    });
    expect(play.statuses('review', 'refine', 'build')).toEqual({
      review: 'idle',
      refine: 'idle',
      build: 'idle',
    });
  });

  it('ends the run when the items are denied', () => {
    const play = reviewed().decide('deny', { text: 'Not like this.' });

    expect(play.run.status).toBe('failed');
    expect(play.run.reason?.code).toBe('denied');
  });

  it('asks in an autonomous run as well', () => {
    const play = new Player(aPlan(reviewing)).start();
    play.run = { ...play.run, autonomous: true };

    play.finish('draft').finish('review', twoItems).finish('refine');

    expect(play.gates).toMatchObject([{ kind: 'open-items' }]);
  });

  it('asks about new items only, after some were accepted', () => {
    const play = reviewed([], {
      ...reviewing,
      nodes: [...reviewing.nodes, agent('more', { openItems: 'hold' })],
      edges: [...(reviewing.edges ?? []), ...chain('build', 'more')],
    }).decide('approve');

    play.finish('build', done({ openItems: ['Name the table'] }));

    expect(play.gates).toMatchObject([{ node: 'more', openItems: [{ id: 'build@1#1' }] }]);
  });

  it('asks about no more than a person can read, and then about the rest', () => {
    const many = Array.from({ length: 130 }, (_, index) => `Item ${index}`);
    const play = new Player(
      aPlan({ nodes: [agent('review'), build], edges: chain('review', 'build') }),
    )
      .start()
      .finish('review', done({ openItems: many }));
    expect(play.gates[0]?.openItems).toHaveLength(100);

    expect(play.decide('approve').gates[0]?.openItems).toHaveLength(30);
    expect(play.decide('approve').dispatched).toEqual(['build']);
  });

  it('does not hold in plans of older versions, which say nothing of it', () => {
    const { openItems: _, ...old } = build;

    const play = reviewed([], { ...reviewing, nodes: [...reviewing.nodes.slice(0, 3), old] });

    expect(play.dispatched).toEqual(['build']);
  });
});

describe('items of a called workflow that has ended', () => {
  const calling = (patch: Partial<PlanParts> = {}): Player =>
    new Player(
      aPlan({
        nodes: [
          call('design', 'design'),
          call('plan', 'plan'),
          foreach('tasks', 'task', { items }),
        ],
        edges: chain('design', 'plan', 'tasks'),
        graphs: {
          design: {
            nodes: [
              agent('scope'),
              agent('write'),
              agent('review'),
              agent('report', { finally: true }),
            ],
            edges: chain('scope', 'write', 'review'),
            loops: [loop('again: review -> write')],
          },
          plan: { nodes: [agent('order')] },
          task: { nodes: [build] },
        },
        ...patch,
      }),
    )
      .start()
      .finishAll('design/scope', 'design/write')
      .finish('design/review', twoItems)
      .finishAll('design/report', 'plan/order');
  const items = { type: 'list', items: ['one', 'two'] } as const;

  it('hold what lies in another one', () => {
    expect(calling().gates).toMatchObject([
      { kind: 'open-items', node: 'tasks[0]/build', revise: { to: 'design/write' } },
    ]);
  });

  it('go back into it, to the author alone, and all that followed starts over', () => {
    const play = calling().decide('revise', { text: 'Do both.' });

    expect(play.dispatched).toEqual(['design/write']);
    expect(play.statuses('design', 'design/scope', 'design/review', 'plan', 'tasks')).toEqual({
      design: 'running',
      'design/scope': 'completed',
      'design/review': 'idle',
      plan: 'idle',
      tasks: 'idle',
    });
  });

  it('lead to the same end as if they had been settled at once', () => {
    const play = calling().decide('revise', { text: 'Do both.' });

    play.finishAll('design/write', 'design/review', 'design/report', 'plan/order');
    expect(play.dispatched).toEqual(['tasks[0]/build']);
    play.finishAll('tasks[0]/build', 'tasks[1]/build');

    expect(play.run.status).toBe('succeeded');
    expect(play.state('design/report').visit).toBe(2);
  });

  it('cannot be sent back into a group that was content with some of its members', () => {
    const play = new Player(
      aPlan({
        nodes: [group('some', 'inner', { completeWhen: 'any' }), build],
        edges: chain('some', 'build'),
        graphs: { inner: { nodes: [agent('review'), agent('other')] } },
      }),
    ).start();

    play.finish('some/review', twoItems);

    expect(play.gates).toMatchObject([{ verdicts: ['approve', 'deny'], revise: null }]);
  });
});

describe('a step that holds and was opened by another branch', () => {
  const hold = agent('build', { join: 'any', openItems: 'hold' });

  it('waits for what is revised in its own list of steps', () => {
    const play = new Player(
      aPlan({
        nodes: [agent('review'), agent('idea'), agent('other'), hold],
        edges: [...chain('review', 'build'), ...chain('idea', 'build')],
        maxParallel: 2,
      }),
    )
      .start()
      .finish('idea')
      .finish('review', twoItems);
    expect(play.gates).toMatchObject([{ node: 'build', revise: { to: 'review' } }]);

    play.decide('revise', { text: 'Do both.' });

    expect(play.statuses('review', 'idea', 'build')).toEqual({
      review: 'running',
      idea: 'completed',
      build: 'idle',
    });
    expect(play.gates).toEqual([]);
  });

  it('waits for what is revised in a called workflow', () => {
    const play = new Player(
      aPlan({
        nodes: [call('design', 'design'), agent('idea'), hold],
        edges: [...chain('design', 'build'), ...chain('idea', 'build')],
        graphs: { design: { nodes: [agent('review'), agent('write')] } },
      }),
    )
      .start()
      .finish('design/review', twoItems)
      .finish('idea')
      .finish('design/write');
    expect(play.gates).toMatchObject([{ node: 'build', revise: { to: 'design/review' } }]);

    play.decide('revise', { text: 'Do both.' });

    expect(play.statuses('design', 'idea', 'build')).toEqual({
      design: 'running',
      idea: 'completed',
      build: 'idle',
    });
    expect(play.gates).toEqual([]);
  });
});
