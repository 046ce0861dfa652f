import { describe, expect, it } from 'vitest';
import { agent, aPlan, chain } from '#test/support/engine/plan-builder.ts';
import { done, Player } from '#test/support/engine/player.ts';

const questions = [{ question: 'Which database?', options: ['postgres', 'sqlite'] }];
const asking = () =>
  new Player(
    aPlan({ nodes: [agent('analyse'), agent('design')], edges: chain('analyse', 'design') }),
  )
    .start()
    .finish('analyse', done({ questions }));

describe('an agent that asks', () => {
  it('waits for the answer with its questions open', () => {
    const play = asking();

    expect(play.status('analyse')).toBe('awaiting-input');
    expect(play.run.status).toBe('waiting');
    expect(play.gates).toMatchObject([
      { kind: 'question', verdicts: ['answer', 'deny'], questions },
    ]);
  });

  it.each([
    ['author', 'author'],
    ['starter', 'starter'],
    ['approvers', 'approvers'],
  ])('asks whom its step names: %s', (from, answersFrom) => {
    const nodes = [agent('analyse', { meta: { questions: { from, max: 3 } } })];
    const play = new Player(aPlan({ nodes })).start().finish('analyse', done({ questions }));

    expect(play.gates[0]?.answersFrom).toBe(answersFrom);
  });

  it('is visited again with the answer', () => {
    const play = asking().decide('answer', { text: '1=postgres' });

    expect(play.dispatched).toEqual(['analyse']);
    expect(play.state('analyse')).toMatchObject({
      visit: 2,
      loopContext: { loop: 'answer', guidance: [{ by: 'bob', text: '1=postgres' }] },
    });
    expect(play.finish('analyse').dispatched).toEqual(['design']);
  });

  it('is not answered by an approval', () => {
    expect(asking().decide('approve').last.refusal?.code).toBe('not-offered');
  });

  it('does not care where the branch stands', () => {
    const play = asking().decide('answer', { text: 'sqlite', headSha: 'elsewhere' });

    expect(play.last.refusal).toBeNull();
  });
});
