import type { JsonObject } from '../../../plan/json.ts';

/** What is known about a phase by its name. */
export interface PhaseFacts {
  readonly persona: string;
  /** Properties of its result, as JSON Schema. */
  readonly properties: JsonObject;
  readonly required: readonly string[];
  /** Criteria it must meet whether a gate says so or not; without them the phase has failed. */
  readonly own: JsonObject;
}

const INTEGER = { type: 'integer', minimum: 0 };
const BOOLEAN = { type: 'boolean' };
const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const ISSUE_TYPES = ['feature', 'bug', 'task', 'patch', 'hotfix', 'migration', 'spike'];

const status = (...words: string[]): JsonObject => ({ type: 'string', enum: words });
const WORK_STATUS = status('completed', 'partial', 'blocked');

const CUSTOM_PHASE: PhaseFacts = {
  persona: 'Engineer',
  properties: { status: WORK_STATUS, summary: TEXT },
  required: ['status', 'summary'],
  own: {},
};

const PHASES: Readonly<Record<string, PhaseFacts>> = {
  intent: {
    persona: 'Researcher',
    properties: {
      status: WORK_STATUS,
      summary: TEXT,
      issue_type: { type: 'string', enum: ISSUE_TYPES },
    },
    required: ['status', 'summary', 'issue_type'],
    own: {},
  },
  plan: {
    persona: 'Planner',
    properties: { status: WORK_STATUS, summary: TEXT, files: TEXTS, steps: TEXTS },
    required: ['status', 'summary'],
    own: {},
  },
  build: {
    persona: 'ExpertCoder',
    properties: {
      status: WORK_STATUS,
      summary: TEXT,
      deviations: TEXTS,
      lint_errors: INTEGER,
      lint_warnings: INTEGER,
      type_check_pass: BOOLEAN,
      files_changed: INTEGER,
    },
    required: ['status', 'summary', 'deviations'],
    own: {},
  },
  test: {
    persona: 'TestDesigner',
    properties: {
      status: status('pass', 'fail', 'escalation_needed'),
      total_tests: INTEGER,
      passed: INTEGER,
      failed: INTEGER,
      skipped: INTEGER,
      failures: TEXTS,
      flaky_failures: TEXTS,
      iterations: INTEGER,
      fixes_applied: TEXTS,
      duration_ms: INTEGER,
      snapshot_regressions: INTEGER,
      new_code_covered: BOOLEAN,
      escalation_reason: TEXT,
    },
    required: ['status', 'total_tests', 'passed', 'failed', 'skipped', 'failures'],
    own: { all_tests_pass: true },
  },
  review: {
    persona: 'CodeReviewer',
    properties: {
      status: status('approved', 'approved_with_notes', 'needs_revision', 'escalation_needed'),
      summary: TEXT,
      issues: {
        type: 'array',
        items: {
          type: 'object',
          required: ['severity', 'description'],
          properties: {
            severity: { type: 'string', enum: ['blocker', 'tech_debt', 'skippable'] },
            file: TEXT,
            line: INTEGER,
            description: TEXT,
            suggestion: TEXT,
          },
        },
      },
      stats: {
        type: 'object',
        required: ['blockers', 'architectural'],
        properties: {
          blockers: INTEGER,
          architectural: INTEGER,
          critical: INTEGER,
          tech_debt: INTEGER,
          skippable: INTEGER,
          security: INTEGER,
        },
      },
      plan_adherence: BOOLEAN,
      tech_debt_logged: BOOLEAN,
      patch_context: TEXT,
    },
    required: ['status', 'summary', 'issues', 'stats'],
    own: { no_blockers: true, architectural_max: 0 },
  },
  document: {
    persona: 'DocumentationWriter',
    properties: {
      status: WORK_STATUS,
      summary: TEXT,
      has_changelog_entry: BOOLEAN,
      all_public_apis_documented: BOOLEAN,
      no_broken_links: BOOLEAN,
      readme_updated_if_needed: BOOLEAN,
    },
    required: ['status', 'summary'],
    own: {},
  },
  deploy_prepare: {
    persona: 'Engineer',
    properties: { status: WORK_STATUS, summary: TEXT, risks: TEXTS },
    required: ['status', 'summary'],
    own: {},
  },
  deploy: {
    persona: 'Engineer',
    properties: {
      status: WORK_STATUS,
      summary: TEXT,
      pr_created: BOOLEAN,
      all_commits_signed: BOOLEAN,
      branch_up_to_date: BOOLEAN,
      no_merge_conflicts: BOOLEAN,
      ci_pipeline_pass: BOOLEAN,
      files_changed: INTEGER,
      notes: TEXTS,
    },
    required: ['status', 'summary'],
    own: {},
  },
  monitor: {
    persona: 'Researcher',
    properties: { status: WORK_STATUS, summary: TEXT, per_phase: { type: 'object' } },
    required: ['status', 'summary'],
    own: {},
  },
};

export const DEFAULT_PHASES = ['plan', 'build', 'test', 'review', 'document', 'deploy', 'monitor'];

export function phaseFacts(phase: string): PhaseFacts {
  return (Object.hasOwn(PHASES, phase) ? PHASES[phase] : undefined) ?? CUSTOM_PHASE;
}

export function isKnownPhase(phase: string): boolean {
  return Object.hasOwn(PHASES, phase);
}

export const KNOWN_PHASES: readonly string[] = Object.keys(PHASES);
