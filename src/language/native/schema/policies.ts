import { z } from 'zod';
import { Amount, Count, describe, Slug, Term, Text, TokensSpec, Usd } from './common.ts';

const Percent = z.number().min(1).max(100);
const OnExceed = z
  .enum(['stop', 'pause', 'alert-only'])
  .default('stop')
  .meta(describe('What a breach does: end, ask people, or only tell.', 'on_exceed: pause'));
const AlertAt = z
  .union([Percent, z.array(Percent)])
  .optional()
  .meta(
    describe('Percentages of the limit at which people are told.', 'alert_at_percent: [80, 100]'),
  );

export const RunBudget = z.strictObject({
  max_tokens_per_session: TokensSpec.optional().meta(
    describe('Tokens of the whole run.', 'max_tokens_per_session: 2000000'),
  ),
  max_usd_per_task: Usd.optional().meta(
    describe('US dollars of the whole run.', 'max_usd_per_task: 10'),
  ),
  alert_at_percent: AlertAt,
  on_exceed: OnExceed,
});

export const StepBudget = z.strictObject({
  max_tokens: TokensSpec.optional().meta(describe('Tokens of the step.', 'max_tokens: 200000')),
  max_usd: Usd.optional().meta(describe('US dollars of the step.', 'max_usd: 2')),
  alert_at_percent: AlertAt,
  on_exceed: OnExceed,
});

export const CapsSpec = z.strictObject({
  visits_per_step: Count.max(100)
    .optional()
    .meta(describe('How often one step may be entered; 10 by default.', 'visits_per_step: 5')),
  steps: Count.max(10_000)
    .optional()
    .meta(describe('Step executions of the whole run; 500 by default.', 'steps: 100')),
  tokens: TokensSpec.optional().meta(describe('Hard limit of tokens.', 'tokens: 5000000')),
  usd: Usd.optional().meta(describe('Hard limit of US dollars.', 'usd: 25')),
  wall_time: Term.optional().meta(
    describe('Hard limit of working time, without waiting for people.', 'wall_time: 6h'),
  ),
});

/** A switch alone, or the switch with its settings. */
const enabled = z
  .boolean()
  .optional()
  .meta(describe('Switches this part on or off.', 'enabled: true'));

export const Reliability = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .meta(describe('Switches all four parts; each can still be set by itself.', 'enabled: true')),
  recovery: z
    .strictObject({
      enabled,
      max_step_retries: Amount.max(10)
        .optional()
        .meta(describe('Further attempts of a failed step; 2 by default.', 'max_step_retries: 2')),
    })
    .optional()
    .meta(describe('Retries.', 'recovery: {enabled: true, max_step_retries: 2}')),
  budget_governor: z
    .strictObject({
      enabled,
      max_degradations_per_run: Amount.optional().meta(
        describe(
          'How often an output is cut before the run stops; 1 by default.',
          'max_degradations_per_run: 1',
        ),
      ),
      degrade_output_chars: Count.optional().meta(
        describe('Length an output is cut to; 400 by default.', 'degrade_output_chars: 12000'),
      ),
      lazy_injection_threshold: Count.optional().meta(
        describe(
          'Outputs longer than this many tokens are fetched on demand.',
          'lazy_injection_threshold: 4000',
        ),
      ),
    })
    .optional()
    .meta(
      describe(
        'What happens on a budget breach.',
        'budget_governor: {max_degradations_per_run: 1, degrade_output_chars: 12000, lazy_injection_threshold: 4000}',
      ),
    ),
  guardrails: z
    .strictObject({
      enabled,
      terms: z
        .array(Text)
        .optional()
        .meta(
          describe('Terms that stop a step, besides the built-in ones.', 'terms: [truncate table]'),
        ),
    })
    .optional()
    .meta(describe('Scan before a step runs.', 'guardrails: {terms: [truncate table]}')),
  confidence: z
    .strictObject({
      enabled,
      low_terms: z
        .array(Text)
        .optional()
        .meta(describe('Words that mean low confidence.', 'low_terms: [unsure]')),
      missing_requires_approval: z
        .boolean()
        .optional()
        .meta(
          describe(
            'An answer that never speaks of confidence needs approval.',
            'missing_requires_approval: true',
          ),
        ),
    })
    .optional()
    .meta(
      describe(
        'Low confidence asks a person.',
        'confidence: {low_terms: [unsure], missing_requires_approval: true}',
      ),
    ),
});

const Share = z.number().gt(0).max(1);
export const EvalGate = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .meta(describe('Switches the gate on or off.', 'enabled: true')),
  min_baseline_runs: Count.max(1000)
    .default(5)
    .meta(describe('Runs needed before gating starts.', 'min_baseline_runs: 5')),
  baseline_window: Count.max(1000)
    .default(20)
    .meta(describe('How many of the latest runs are the baseline.', 'baseline_window: 20')),
  warn_threshold: Share.default(0.15).meta(
    describe('Relative drop of the score that warns.', 'warn_threshold: 0.15'),
  ),
  block_threshold: Share.default(0.3).meta(
    describe('Relative drop of the score that fails the run.', 'block_threshold: 0.30'),
  ),
  insufficient_baseline: z
    .enum(['pass', 'warn'])
    .default('pass')
    .meta(describe('Decision while there are too few runs.', 'insufficient_baseline: warn')),
  mode: z
    .enum(['fail-open', 'fail-closed'])
    .optional()
    .meta(describe('Whether a broken limit below warns or blocks.', 'mode: fail-closed')),
  release_class: z
    .union([z.boolean(), Text])
    .optional()
    .meta(describe('Marks workflows whose results are released.', 'release_class: true')),
  thresholds: z
    .strictObject({
      max_quality_score_drop: z
        .number()
        .positive()
        .optional()
        .meta(describe('Points, on a scale of 100.', 'max_quality_score_drop: 15')),
      max_cost_usd_increase: z
        .number()
        .positive()
        .optional()
        .meta(describe('US dollars per run.', 'max_cost_usd_increase: 0.5')),
      max_latency_ms_increase: z
        .number()
        .positive()
        .optional()
        .meta(describe('Milliseconds per run.', 'max_latency_ms_increase: 30000')),
      max_retry_increase: z
        .number()
        .positive()
        .optional()
        .meta(describe('Retries per run.', 'max_retry_increase: 1')),
    })
    .optional()
    .meta(
      describe(
        'Absolute limits against the baseline.',
        'thresholds: {max_quality_score_drop: 15, max_cost_usd_increase: 0.5, max_latency_ms_increase: 30000, max_retry_increase: 1}',
      ),
    ),
});

export const Escalation = z.strictObject({
  handler: z
    .enum(['human', 'auto_close', 'fallback_workflow'])
    .default('human')
    .meta(describe('Who takes over.', 'handler: human')),
  workflow: Slug.optional().meta(describe('Workflow of `fallback_workflow`.', 'workflow: triage')),
  timeout: Term.optional().meta(describe('How long to wait; 24h by default.', 'timeout: 24h')),
  mention: z
    .array(Text)
    .default([])
    .meta(describe('Who is called.', 'mention: ["@octo-org/oncall"]')),
  context: z
    .array(Text)
    .default([])
    .meta(describe('Outputs shown with the question.', 'context: [plan]')),
});
