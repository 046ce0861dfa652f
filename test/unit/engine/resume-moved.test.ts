import { describe, expect, it } from 'vitest';
import { agent, aPlan, aPolicy, chain } from '#test/support/engine/plan-builder.ts';
import { done, failed, Player } from '#test/support/engine/player.ts';

const resume = { type: 'run.resumed', by: 'bob', guidance: null, node: null } as const;

describe('a run that is resumed after somebody pushed to its branch', () => {
  const stopped = () =>
    new Player(aPlan({ nodes: [agent('a'), agent('b')], edges: chain('a', 'b') }))
      .start()
      .finish('a', done({ commit: 'aaa', headSha: 'aaa' }))
      .finish('b', failed());

  it('goes on from what is there now', () => {
    const play = stopped().apply({ ...resume, headSha: 'bbb' });

    expect(play.run.headSha).toBe('bbb');
    expect(play.dispatched).toEqual(['b']);
    expect(play.last.records).toContainEqual(
      expect.objectContaining({ kind: 'head-moved', actor: 'bob', detail: 'bbb' }),
    );
  });

  it.each([
    { where: 'where it was', headSha: 'aaa' },
    { where: 'nowhere', headSha: null },
  ])('knows of no move when the branch stands $where', ({ headSha }) => {
    const play = stopped().apply({ ...resume, headSha });

    expect(play.run.headSha).toBe('aaa');
    expect(play.dispatched).toEqual(['b']);
    expect(play.last.records.map(({ kind }) => kind)).not.toContain('head-moved');
  });

  it('follows nothing when the resume is refused', () => {
    const play = stopped();
    const before = play.run;

    expect(play.apply({ ...resume, node: 'a', headSha: 'bbb' }).run).toBe(before);
  });

  const planned = () =>
    new Player(
      aPlan({
        nodes: [agent('plan', { approval: aPolicy() }), agent('build')],
        edges: chain('plan', 'build'),
      }),
      { headSha: 'aaa' },
    )
      .start()
      .finish('plan');

  it('asks again for an approval that nothing was built on, about the new head', () => {
    const play = planned().decide('approve').finish('build', failed());

    play.apply({ ...resume, headSha: 'bbb' });

    expect(play.dispatched).toEqual([]);
    expect(play.gates).toMatchObject([{ node: 'plan', subject: { headSha: 'bbb' } }]);
    expect(play.decide('approve', { headSha: 'bbb' }).dispatched).toEqual(['build']);
  });

  it('opens a denied gate once, about the new head', () => {
    const play = planned().decide('deny');

    play.apply({ ...resume, headSha: 'bbb' });

    expect(play.gates).toMatchObject([{ id: 'G2', node: 'plan', subject: { headSha: 'bbb' } }]);
  });
});
