import { describe, expect, it } from 'vitest';
import type { SignOfLife } from '#src/engine/read/quiet-nodes.ts';
import { quietNodes } from '#src/engine/read/quiet-nodes.ts';
import { agent, aPlan, group } from '#test/support/engine/plan-builder.ts';
import { Player } from '#test/support/engine/player.ts';

const AT = '2026-01-01T00:00:00.000Z';
const MINUTE = 60_000;

const sign = (patch: Partial<SignOfLife> = {}): SignOfLife => ({
  node: 'build',
  visit: 1,
  attempt: 1,
  at: AT,
  quiet: false,
  ...patch,
});

const building = () => new Player(aPlan({ nodes: [agent('build')] })).start().take('build').run;

const quietAfter = (minutes: number, signs: readonly SignOfLife[], run = building()) =>
  quietNodes(run, signs, {
    now: new Date(Date.parse(AT) + minutes * MINUTE).toISOString(),
    afterMs: 20 * MINUTE,
  });

describe('18: an agent without a sign of life', () => {
  it('is quiet from the time limit on, with the time of the last sign', () => {
    expect(quietAfter(19, [sign()])).toEqual({});
    expect(quietAfter(20, [sign()])).toEqual({ build: AT });
  });

  it('is quiet when its worker says so, whatever the clock here says', () => {
    expect(quietAfter(19, [sign({ quiet: true })])).toEqual({ build: AT });
  });

  it('is not there while nothing was heard that is kept', () => {
    expect(quietAfter(60, [])).toEqual({});
  });

  it.each([
    ['an earlier attempt', sign({ attempt: 0 })],
    ['another visit', sign({ visit: 2 })],
    ['a step that is not there', sign({ node: 'gone/build' })],
  ])('is not meant by a sign of %s', (_, old) => {
    expect(quietAfter(60, [old])).toEqual({});
  });

  it('is over with its step', () => {
    const run = new Player(aPlan({ nodes: [agent('build')] })).start().finish('build').run;

    expect(quietAfter(60, [sign()], run)).toEqual({});
  });

  it('can be a member of a group', () => {
    const plan = aPlan({
      nodes: [group('reviews', 'members')],
      graphs: { members: { nodes: [agent('one'), agent('two')] } },
    });
    const run = new Player(plan).start().take('reviews/one').take('reviews/two').run;

    expect(quietAfter(60, [sign({ node: 'reviews/two' })], run)).toEqual({ 'reviews/two': AT });
  });

  it('is never shown when it is switched off', () => {
    expect(quietNodes(building(), [sign({ quiet: true })], { now: AT, afterMs: null })).toEqual({});
  });
});
