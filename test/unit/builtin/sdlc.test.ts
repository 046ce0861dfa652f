import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '#src/engine/state/node-key.ts';
import type { GateNode } from '#src/plan/plan.ts';
import { failingTests, GOOD, reviewWith, script } from '#test/support/language/phase-answers.ts';
import { playPlan } from '#test/support/language/play-plan.ts';
import { agentsOf, folder, graphOf, planOf } from './built-in.ts';

const plan = planOf('sdlc');
const good = (phase: string) => GOOD[phase] ?? {};

describe('the built-in workflow sdlc', () => {
  it('has the seven phases, each with the persona and the rights the matrix gives it', () => {
    const phases = agentsOf(plan).map(({ id, persona, access }) => `${id} ${persona} ${access}`);

    expect(phases).toEqual([
      'plan Planner readonly',
      'build ExpertCoder full',
      'test TestDesigner full',
      'review CodeReviewer readonly',
      'document DocumentationWriter edit',
      'deploy Engineer execute',
      'monitor Researcher execute',
    ]);
  });

  it('stands behind the five shipped gates, of which only the first does no more than warn', () => {
    const gates = graphOf(plan).nodes.filter((node): node is GateNode => node.kind === 'gate');

    const asked = gates.map(({ title, severity, criteria }) => [
      title,
      severity,
      criteria.map(({ path }) => path),
    ]);
    expect(asked).toEqual([
      ['Gate build-lint', 'warning', ['lint_errors', 'lint_warnings', 'type_check_pass']],
      [
        'Gate test-coverage',
        'error',
        ['failed', 'coverage.lines', 'skipped', 'duration_ms', 'snapshot_regressions'],
      ],
      [
        'Gate review-severity',
        'error',
        [
          'stats.blockers',
          'stats.tech_debt',
          'stats.security',
          'plan_adherence',
          'stats.architectural',
        ],
      ],
      [
        'Gate doc-completeness',
        'error',
        [
          'has_changelog_entry',
          'all_public_apis_documented',
          'no_broken_links',
          'readme_updated_if_needed',
        ],
      ],
      [
        'Gate deploy-readiness',
        'error',
        [
          'pr_created',
          'all_commits_signed',
          'branch_up_to_date',
          'no_merge_conflicts',
          'ci_pipeline_pass',
        ],
      ],
    ]);
    const shipped = readdirSync(
      join(import.meta.dirname, '../../../workflows/agentic-layer/gates'),
    );
    expect(shipped).toHaveLength(gates.length);
  });

  it('goes back at most three times for tests and for blockers, once for a new plan', () => {
    const loops = graphOf(plan).loops.map(({ id, to, max }) => `${id} ${to} ${max}`);

    expect(loops).toEqual([
      'test_retry build 3',
      'review_patch build 3',
      'full_rebuild plan 1',
      'document_retry document 2',
      'deploy_retry deploy 2',
    ]);
  });

  it('calls people when nothing helps, and shows them what there is', () => {
    expect(plan.policies.escalation).toMatchObject({
      handler: 'human',
      timeout_ms: 86_400_000,
      context: ['plan', 'build', 'test', 'review', 'failure_history'],
    });
  });

  it.each(['feature', 'bug', 'task', 'patch'])(
    'plans an issue of type %s in its own way',
    (type) => {
      const { variants = {} } = folder.definitions.get('sdlc')!;

      expect(Object.keys(variants[type]!.files)).toContain(`agentic-layer/prompts/plan-${type}.md`);
      expect(Object.keys(variants[type]!.files)).not.toContain('agentic-layer/prompts/plan.md');
    },
  );

  it('stops no agent for slowness, and tells in one sentence what it is for', () => {
    expect(agentsOf(plan).filter(({ timeoutMs }) => timeoutMs !== null)).toEqual([]);
    expect(plan.description).toMatch(/^[A-Z].{40,160}[.]$/);
  });
});

describe('a run of sdlc', () => {
  it('goes through its phases once when all is well', () => {
    const { player, order } = playPlan(plan, script());

    expect(order).toEqual(agentsOf(plan).map(({ id }) => id));
    expect(player.run.status).toBe('succeeded');
  });

  it('builds again when a gate of the tests fails, with what failed', () => {
    const { player, order } = playPlan(
      plan,
      script({ test: [failingTests('cart.test.js adds'), good('test')] }),
    );

    expect(order.filter((id) => id === 'build')).toHaveLength(2);
    expect(player.state('build').loopContext?.failures.join(' ')).toContain('cart.test.js adds');
    expect(player.run.status).toBe('succeeded');
  });

  it('patches what the review blocks, and tests it again', () => {
    const { order } = playPlan(plan, script({ review: [reviewWith(2), good('review')] }));

    expect(order).toEqual(
      'plan build test review build test review document deploy monitor'.split(' '),
    );
  });

  it('plans anew once when the approach is wrong, and calls people the second time', () => {
    const { player, order } = playPlan(
      plan,
      script({ review: [reviewWith(2, 1), reviewWith(1, 1)] }),
    );

    expect(order.filter((id) => id === 'plan')).toHaveLength(2);
    expect(player.run.frames[ROOT]?.loops['full_rebuild']?.count).toBe(1);
    expect(player.run.status).toBe('escalated');
  });
});
