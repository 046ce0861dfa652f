import { describe, expect, it } from 'vitest';
import { ROOT } from '#src/engine/state/node-key.ts';
import { example, layer, planIn } from '#test/support/language/dialect-folder.ts';
import { failingTests, GOOD, reviewWith, script } from '#test/support/language/phase-answers.ts';
import { playPlan } from '#test/support/language/play-plan.ts';

const ENTERPRISE = layer(example('agentic-layer/enterprise.yaml'));
const plan = () => planIn(ENTERPRISE, 'sdlc');
const good = (phase: string) => GOOD[phase] ?? {};

describe('the examples of the Agentic Layer', () => {
  it.each([
    ['minimal', ['plan', 'build', 'test', 'review', 'deploy']],
    ['solo', ['plan', 'build', 'test', 'review', 'deploy']],
    [
      'enterprise',
      ['plan', 'build', 'test', 'review', 'document', 'deploy_prepare', 'deploy', 'monitor'],
    ],
  ])('%s runs to its end in the order it is written', (name, phases) => {
    const { player, order } = playPlan(
      planIn(layer(example(`agentic-layer/${name}.yaml`)), 'sdlc'),
      script(),
    );

    expect(order.toSorted()).toEqual(phases.toSorted());
    expect(order.filter((id) => !id.startsWith('d'))).toEqual(
      phases.filter((id) => !id.startsWith('d')),
    );
    expect(player.run.status).toBe('succeeded');
  });
});

describe('a loop of a layer', () => {
  it('rebuilds while the tests fail, and plans only once', () => {
    const { player, order } = playPlan(
      plan(),
      script({ test: [failingTests('a', 'b'), failingTests('a'), good('test')] }),
    );

    expect(order.filter((id) => id === 'build')).toHaveLength(3);
    expect(order.filter((id) => id === 'plan')).toHaveLength(1);
    expect(player.run.status).toBe('succeeded');
  });

  it('waits for its cool-down before the next round', () => {
    const { waits } = playPlan(plan(), script({ test: [failingTests('a'), good('test')] }));

    expect(waits).toEqual(['node:build@2.1']);
  });

  it('ends at once when the same failure comes back, and calls for people', () => {
    const { player, order } = playPlan(plan(), script({ test: [failingTests('a')] }));

    expect(order.filter((id) => id === 'build')).toHaveLength(2);
    expect(player.run.status).toBe('escalated');
    expect(player.run.reason?.message).toContain('no progress');
  });

  it('ends when its rounds are used up', () => {
    const shrinking = [4, 3, 2, 1].map((count) =>
      failingTests(...Array.from({ length: count }, (_, index) => `t${index}`)),
    );

    const { player, order } = playPlan(plan(), script({ test: shrinking }));

    expect(order.filter((id) => id === 'build')).toHaveLength(4);
    expect(player.run.status).toBe('escalated');
  });

  it('goes back to the plan when the approach is wrong, though a patch is asked for as well', () => {
    const { player, order } = playPlan(
      plan(),
      script({ review: [reviewWith(2, 1), good('review')] }),
    );

    expect(order.filter((id) => id === 'plan')).toHaveLength(2);
    expect(player.run.frames[ROOT]?.loops['full_rebuild']?.count).toBe(1);
    expect(player.run.frames[ROOT]?.loops['review_patch']?.count ?? 0).toBe(0);
    expect(player.run.status).toBe('succeeded');
  });

  it('calls for people at the second wrong approach instead of taking the cheaper way', () => {
    const { player, order } = playPlan(
      plan(),
      script({ review: [reviewWith(3, 2), reviewWith(2, 1)] }),
    );

    expect(order.filter((id) => id === 'plan')).toHaveLength(2);
    expect(order.filter((id) => id === 'review')).toHaveLength(2);
    expect(player.run.status).toBe('escalated');
  });

  it('counts a gate and the loop of its phase together, and the smaller limit holds', () => {
    const files = layer(
      'phases: [plan, build, test]\nloops:\n  test_retry: {max: 5}\ngates:\n  after_test:\n    inline: {criteria: {all_tests_pass: true}, max_retries: 1}\n',
    );

    const { order, player } = playPlan(
      planIn(files, 'sdlc'),
      script({ test: [failingTests('a', 'b'), failingTests('a')] }),
    );

    expect(order.filter((id) => id === 'build')).toHaveLength(2);
    expect(player.run.status).toBe('escalated');
  });
});

describe('the gates of a layer', () => {
  it('report a warning and go on', () => {
    const { player } = playPlan(
      plan(),
      script({ build: [{ data: { status: 'completed', lint_errors: 3, lint_warnings: 0 } }] }),
    );

    expect(player.run.status).toBe('succeeded');
    expect(player.state('after_build').result?.warnings.join(' ')).toContain('lint_errors is 3');
  });

  it('send documentation back that lacks something', () => {
    const lacking = {
      ...good('document'),
      data: { ...Object(good('document').data), has_changelog_entry: false },
    };

    const { order } = playPlan(plan(), script({ document: [lacking, good('document')] }));

    expect(order.filter((id) => id === 'document')).toHaveLength(2);
    expect(order.filter((id) => id === 'review')).toHaveLength(1);
  });

  it('do not count failures of tests known to be flaky', () => {
    const files = layer(
      'phases: [plan, build, test]\ngates:\n  after_test:\n    inline: {criteria: {all_tests_pass: true}, known_flaky: [clock]}\n',
    );

    const { order, player } = playPlan(
      planIn(files, 'sdlc'),
      script({ test: [failingTests('clock', 'sum'), failingTests('clock')] }),
    );

    expect(order.filter((id) => id === 'build')).toHaveLength(2);
    expect(player.run.status).toBe('succeeded');
  });
});

describe('the end of a layer', () => {
  it('runs the monitor whatever became of the run, and cannot be changed by it', () => {
    const { player, order } = playPlan(
      plan(),
      script({ plan: [{ outcome: 'halt', data: { status: 'blocked' } }] }),
    );

    expect(order).toEqual(['plan', 'monitor']);
    expect(player.run.status).toBe('escalated');
  });
});
