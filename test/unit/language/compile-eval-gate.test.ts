import { describe, expect, it } from 'vitest';
import { compileWorkflow } from '#src/language/native/compile/compile.ts';
import type { Graph } from '#src/plan/plan.ts';
import { failed, Player } from '#test/support/engine/player.ts';
import { parseText } from '#test/support/language/parse-text.ts';

function planOf(gate: string, steps: string) {
  const text = `name: test\n${gate}\nsteps:${steps}`;
  const parsed = parseText(text, { path: 'test.yml', personas: {} });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const source = { origin: 'repository', path: 'test.yml', commit: null, digest: '' } as const;
  const request = { resolve: () => undefined, personas: {}, source };
  const compiled = compileWorkflow(parsed.definition, request);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.plan;
}

const graphOf = (gate: string, steps: string) => planOf(gate, steps).graphs['main'] as Graph;
const step = (id: string, more = '') => `\n  - {id: ${id}, run: "true"${more}}`;

const DIAMOND = [
  step('a', ', routes: [{contains: b, goto: b}, {contains: c, goto: c}, {default: true, goto: c}]'),
  step('b'),
  step('c'),
  step('tidy', ', finally: true'),
].join('');

describe('an eval gate', () => {
  it('is the last step: after those nothing follows, and those that may lead nowhere', () => {
    const { nodes, edges } = graphOf('eval_gate: {warn_threshold: 0.1}', DIAMOND);

    expect(nodes.at(-1)).toMatchObject({
      id: 'eval-gate',
      kind: 'auto',
      disposition: 'required',
      evalGate: {
        minBaselineRuns: 5,
        baselineWindow: 20,
        warnThreshold: 0.1,
        blockThreshold: 0.3,
        insufficientBaseline: 'pass',
        mode: 'fail-open',
        thresholds: {},
      },
    });
    expect(edges.filter(({ to }) => to === 'eval-gate')).toEqual(
      ['a', 'b', 'c'].map((from) => ({
        id: `${from}->eval-gate`,
        from,
        to: 'eval-gate',
        when: { type: 'always' },
      })),
    );
  });

  it('gives way to a step of its name', () => {
    const { nodes } = graphOf('eval_gate: {}', step('eval-gate'));

    expect(nodes.map(({ id }) => id)).toEqual(['eval-gate', 'eval-gate-2']);
  });

  it.each(['', 'eval_gate: {enabled: false}'])('is not there with %j', (gate) => {
    expect(graphOf(gate, step('a')).nodes.map(({ id }) => id)).toEqual(['a']);
  });

  it('13: fails the run when it blocks, once and for all', () => {
    const play = new Player(planOf('eval_gate: {}', step('a') + step('tidy', ', finally: true')))
      .start()
      .finish('a');
    expect(play.dispatched).toEqual(['eval-gate']);

    play.finish('eval-gate', failed({ class: 'policy', reason: 'eval-gate-block' }));

    expect(play.dispatched).toEqual(['tidy']);
    play.finish('tidy');
    expect(play.run).toMatchObject({ status: 'failed', reason: { code: 'eval-gate-block' } });
  });
});
