import type { Json, JsonObject } from '../../../plan/json.ts';
import type { Budget, Caps, ParamSpec, Policies } from '../../../plan/plan.ts';
import type { Step } from '../schema/step.ts';
import type { Param, Workflow } from '../schema/workflow.ts';
import { compileContextRules, compileStartRules } from './compile-start-rules.ts';

const THREE_HOURS = 3 * 3_600_000;
const DAY = 24 * 3_600_000;

/** Everything about a run that is not a step. */
export function compilePolicies(spec: Workflow): Policies {
  const start = compileStartRules(spec);
  const context = compileContextRules(spec);
  return {
    params: paramsOf(spec),
    budget: runBudgetOf(spec),
    caps: capsOf(spec),
    maxParallel: spec.max_parallel ?? null,
    onFailure: spec.on_failure,
    autonomy: spec.autonomy ?? 'autonomous',
    reliability: reliabilityOf(spec),
    evalGate: evalGateOf(spec),
    escalation: escalationOf(spec),
    consentLifetimeMs: spec.consent_lifetime ?? THREE_HOURS,
    ...(start !== null && { start }),
    ...(context !== null && { context }),
    ...(spec.redesign !== undefined && { redesign: spec.redesign }),
    ...(spec.follow_up_issue && { followUpIssue: true }),
  };
}

function paramsOf(spec: Workflow): Readonly<Record<string, ParamSpec>> {
  const entries = Object.entries(spec.params).map(
    ([name, param]) => [name, paramOf(param)] as const,
  );
  return Object.fromEntries(entries);
}

function paramOf(param: Param): ParamSpec {
  return {
    type: param.type,
    required: param.required,
    default: param.default ?? null,
    description: param.description,
    choices: param.choices ?? null,
  };
}

function runBudgetOf({ budget }: Workflow): Budget | null {
  if (budget === undefined) return null;
  return {
    maxTokens: budget.max_tokens_per_session ?? null,
    maxUsd: budget.max_usd_per_task ?? null,
    alertPercent: percentages(budget.alert_at_percent),
    onExceed: budget.on_exceed,
  };
}

export function compileStepBudget({ budget }: Step): Budget | null {
  if (budget === undefined) return null;
  return {
    maxTokens: budget.max_tokens ?? null,
    maxUsd: budget.max_usd ?? null,
    alertPercent: percentages(budget.alert_at_percent),
    onExceed: budget.on_exceed,
  };
}

function percentages(value: number | readonly number[] | undefined): readonly number[] {
  if (value === undefined) return [];
  return typeof value === 'number' ? [value] : value.toSorted((a, b) => a - b);
}

function capsOf({ caps }: Workflow): Caps {
  return {
    visitsPerNode: caps.visits_per_step ?? 10,
    steps: caps.steps ?? 500,
    tokens: caps.tokens ?? null,
    usd: caps.usd ?? null,
    wallMs: caps.wall_time ?? null,
  };
}

/** The four parts with every default filled in; null if nothing was opted into. */
function reliabilityOf({ reliability }: Workflow): JsonObject | null {
  if (reliability === undefined) return null;
  const { recovery, budget_governor: governor, guardrails, confidence } = reliability;
  const on = (part: { enabled?: boolean | undefined } | undefined): boolean =>
    part?.enabled ?? reliability.enabled;
  return {
    recovery: { enabled: on(recovery), max_step_retries: recovery?.max_step_retries ?? 2 },
    budget_governor: {
      enabled: on(governor),
      max_degradations_per_run: governor?.max_degradations_per_run ?? 1,
      degrade_output_chars: governor?.degrade_output_chars ?? 400,
      lazy_injection_threshold: governor?.lazy_injection_threshold ?? null,
    },
    guardrails: { enabled: on(guardrails), terms: guardrails?.terms ?? [] },
    confidence: {
      enabled: on(confidence),
      low_terms: confidence?.low_terms ?? [],
      missing_requires_approval: confidence?.missing_requires_approval ?? false,
    },
  };
}

/** Retries of a step that does not set them itself. */
export function defaultRetries({ reliability }: Workflow): number {
  if (reliability === undefined) return 0;
  const enabled = reliability.recovery?.enabled ?? reliability.enabled;
  return enabled ? (reliability.recovery?.max_step_retries ?? 2) : 0;
}

function evalGateOf({ eval_gate: gate }: Workflow): JsonObject | null {
  if (gate === undefined || !gate.enabled) return null;
  return {
    min_baseline_runs: gate.min_baseline_runs,
    baseline_window: gate.baseline_window,
    warn_threshold: gate.warn_threshold,
    block_threshold: gate.block_threshold,
    insufficient_baseline: gate.insufficient_baseline,
    mode: gate.mode ?? 'fail-open',
    release_class: gate.release_class ?? false,
    thresholds: presentOnly(gate.thresholds ?? {}),
  };
}

function presentOnly(map: Readonly<Record<string, Json | undefined>>): JsonObject {
  const entries = Object.entries(map).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
}

function escalationOf({ escalation }: Workflow): JsonObject | null {
  if (escalation === undefined) return null;
  return {
    handler: escalation.handler,
    workflow: escalation.workflow ?? null,
    timeout_ms: escalation.timeout ?? DAY,
    mention: escalation.mention,
    context: escalation.context,
  };
}
