import { DEFAULT_LOOPS } from '../actions.ts';
import { DEFAULT_PHASES } from '../phases.ts';
import type { LayerFile } from './layer-schema.ts';

interface Defaults {
  readonly phases: NonNullable<LayerFile['phases']>;
  readonly templates: NonNullable<LayerFile['templates']>;
  readonly loops: NonNullable<LayerFile['loops']>;
  readonly gates: NonNullable<LayerFile['gates']>;
  readonly parallel: NonNullable<LayerFile['parallel']>;
  readonly escalation?: LayerFile['escalation'];
  readonly monitoring?: LayerFile['monitoring'];
}

const loop = (max: number, cooldown_ms = 0): NonNullable<LayerFile['loops']>[string] => ({
  max,
  cooldown_ms,
  ignore: [],
  on_exhaust: 'escalate',
  stop_on_no_progress: true,
});

const SHIPPED_GATES = {
  after_build: 'gates/build-lint.yaml',
  after_test: 'gates/test-coverage.yaml',
  after_review: 'gates/review-severity.yaml',
  after_document: 'gates/doc-completeness.yaml',
  after_deploy: 'gates/deploy-readiness.yaml',
};

/** The defaults where the file says nothing. */
const PLAIN: Defaults = {
  phases: DEFAULT_PHASES,
  templates: {},
  loops: Object.fromEntries(DEFAULT_LOOPS.map((name) => [name, loop(3)])),
  gates: SHIPPED_GATES,
  parallel: [],
};

const PRESETS: Readonly<Record<NonNullable<LayerFile['preset']>, Defaults>> = {
  solo: {
    phases: ['plan', 'build', 'test', 'review', 'deploy'],
    templates: {},
    loops: { test_retry: loop(2), review_patch: loop(2) },
    gates: { after_test: SHIPPED_GATES.after_test },
    parallel: [],
  },
  small: {
    phases: ['plan', 'build', 'test', 'review', 'document', 'deploy'],
    templates: {
      plan: {
        feature: 'prompts/plan-feature.md',
        bug: 'prompts/plan-bug.md',
        default: 'prompts/plan.md',
      },
    },
    loops: { test_retry: loop(3), review_patch: loop(3) },
    gates: {
      after_test: SHIPPED_GATES.after_test,
      after_review: SHIPPED_GATES.after_review,
      after_document: SHIPPED_GATES.after_document,
    },
    parallel: [],
  },
  enterprise: {
    phases: DEFAULT_PHASES,
    templates: {
      plan: {
        feature: 'prompts/plan-feature.md',
        bug: 'prompts/plan-bug.md',
        task: 'prompts/plan-task.md',
        patch: 'prompts/plan-patch.md',
        default: 'prompts/plan.md',
      },
    },
    loops: {
      test_retry: loop(3, 5000),
      review_patch: loop(3, 5000),
      full_rebuild: loop(1),
    },
    gates: SHIPPED_GATES,
    parallel: [['document', 'deploy_prepare']],
    escalation: { timeout_hours: 24, notification: { mention: '@oncall' } },
    monitoring: {
      track: [
        'workflow_success_rate',
        'average_iterations_per_loop',
        'phase_duration_ms',
        'cost_per_run',
        'escalation_rate',
      ],
      alert_on: { escalation_rate_above: 0.3, avg_iterations_above: 2.5 },
    },
  },
};

export function defaultsFor(preset: LayerFile['preset']): Defaults {
  return preset === undefined ? PLAIN : PRESETS[preset];
}
