import type { Answer, Script } from './play-plan.ts';

/** What each phase of a layer says when all went well. */
export const GOOD: Readonly<Record<string, Answer>> = {
  intent: { data: { status: 'completed', summary: 'Clear.', issue_type: 'feature' } },
  plan: { data: { status: 'completed', summary: 'Planned.' } },
  build: {
    data: {
      status: 'completed',
      summary: 'Built.',
      deviations: [],
      lint_errors: 0,
      lint_warnings: 2,
      type_check_pass: true,
    },
  },
  test: {
    data: {
      status: 'pass',
      total_tests: 12,
      passed: 12,
      failed: 0,
      skipped: 0,
      failures: [],
      coverage: { lines: 91 },
      duration_ms: 4200,
      snapshot_regressions: 0,
    },
  },
  review: {
    data: {
      status: 'approved',
      summary: 'Good.',
      issues: [],
      stats: { blockers: 0, architectural: 0, tech_debt: 1, security: 0 },
      plan_adherence: true,
    },
  },
  document: {
    data: {
      status: 'completed',
      summary: 'Written.',
      has_changelog_entry: true,
      all_public_apis_documented: true,
      no_broken_links: true,
      readme_updated_if_needed: true,
    },
  },
  deploy_prepare: { data: { status: 'completed', summary: 'Prepared.' } },
  deploy: {
    data: {
      status: 'completed',
      summary: 'Ready.',
      pr_created: true,
      all_commits_signed: true,
      branch_up_to_date: true,
      no_merge_conflicts: true,
      ci_pipeline_pass: true,
    },
  },
  monitor: { data: { status: 'completed', summary: 'Healthy.' } },
};

/** A test report with these failing tests. */
export function failingTests(...ids: readonly string[]): Answer {
  const { data } = GOOD['test'] as { data: object };
  return {
    outcome: 'revise',
    data: { ...data, status: 'fail', failed: ids.length, failures: ids },
    fingerprint: ids,
  };
}

/** A review with so many blockers, and how many of them lie in the approach itself. */
export function reviewWith(blockers: number, architectural = 0): Answer {
  const { data } = GOOD['review'] as { data: object };
  const stats = { blockers, architectural, tech_debt: 0, security: 0 };
  const ids = Array.from({ length: blockers }, (_, index) => `blocker|src/a.ts|${index}`);
  return {
    outcome: 'revise',
    data: { ...data, status: 'needs_revision', stats },
    fingerprint: ids,
  };
}

/** All goes well but for what is said here. */
export function script(patch: Script = {}): Script {
  const good = Object.entries(GOOD).map(([phase, answer]) => [phase, [answer]] as const);
  return { ...Object.fromEntries(good), ...patch };
}
