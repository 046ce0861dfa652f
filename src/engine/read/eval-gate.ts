import type { EvalGateSpec } from '../../plan/plan.ts';
import type { Scorecard } from './scorecard.ts';

export interface EvalDecision {
  readonly decision: 'pass' | 'warn' | 'block';
  /** Stable: `insufficient-baseline`, `score-drop`, `cost-increase`, … Empty for a plain pass. */
  readonly reasonCodes: readonly string[];
  readonly message: string;
  readonly baselineSize: number;
  /** Mean score of the baseline; null if there is none. */
  readonly baselineMean: number | null;
  /** Relative to the mean; negative for a run that did better. */
  readonly drop: number | null;
}

/** Compares a run with the latest ones of its workflow, up to the window's size. */
export function judgeRun(
  spec: EvalGateSpec,
  candidate: Scorecard,
  latest: readonly Scorecard[],
): EvalDecision {
  const baseline = latest.slice(0, spec.baselineWindow);
  if (baseline.length < spec.minBaselineRuns) return tooEarly(spec, candidate, baseline.length);
  const baselineMean = mean(baseline.map(({ score }) => score));
  const drop = relativeDrop(baselineMean, candidate.score);
  const findings = [
    ...dropFinding(spec, candidate, { baselineMean, drop, size: baseline.length }),
    ...limitFindings(spec, candidate, baseline),
  ];
  const over = `the mean of ${shown(baselineMean)} over ${baseline.length} runs`;
  return {
    decision: worst(findings),
    reasonCodes: findings.map(({ code }) => code),
    message:
      findings.length === 0
        ? `Score ${shown(candidate.score)}, against ${over}.`
        : findings.map(({ message }) => message).join(' '),
    baselineSize: baseline.length,
    baselineMean,
    drop,
  };
}

interface Finding {
  readonly severity: 'warn' | 'block';
  readonly code: string;
  readonly message: string;
}

function tooEarly(spec: EvalGateSpec, { score }: Scorecard, size: number): EvalDecision {
  return {
    decision: spec.insufficientBaseline,
    reasonCodes: ['insufficient-baseline'],
    message: `Score ${shown(score)}; ${size} of the ${spec.minBaselineRuns} earlier runs that a comparison needs are there.`,
    baselineSize: size,
    baselineMean: null,
    drop: null,
  };
}

function dropFinding(
  { warnThreshold, blockThreshold }: EvalGateSpec,
  { score }: Scorecard,
  { baselineMean, drop, size }: { baselineMean: number; drop: number; size: number },
): readonly Finding[] {
  if (drop < warnThreshold) return [];
  const severity = drop >= blockThreshold ? 'block' : 'warn';
  const [limit, verb] =
    severity === 'block' ? [blockThreshold, 'blocks'] : [warnThreshold, 'warns'];
  const message = `Score ${shown(score)} is ${percent(drop)} below the mean of ${shown(baselineMean)} over ${size} runs; from ${percent(limit)} on it ${verb}.`;
  return [{ severity, code: 'score-drop', message }];
}

/** The absolute limits, each checked against the baseline's mean. */
function limitFindings(
  { thresholds, mode }: EvalGateSpec,
  candidate: Scorecard,
  baseline: readonly Scorecard[],
): readonly Finding[] {
  return LIMITS.flatMap(({ key, code, what, of, sign }) => {
    const limit = thresholds[key];
    const own = of(candidate);
    const others = baseline.map(of).filter((value) => value !== null);
    if (limit === undefined || own === null || others.length === 0) return [];
    const worse = rounded((own - mean(others)) * sign);
    if (worse <= limit) return [];
    const message = `${what} by ${amount(worse)} against the mean; ${amount(limit)} are allowed.`;
    return [{ severity: mode === 'fail-closed' ? 'block' : 'warn', code, message }];
  });
}

interface Limit {
  readonly key: string;
  readonly code: string;
  readonly what: string;
  readonly of: (card: Scorecard) => number | null;
  /** 1 if more is worse. */
  readonly sign: 1 | -1;
}

const LIMITS: readonly Limit[] = [
  {
    key: 'max_quality_score_drop',
    code: 'quality-score-drop',
    what: 'The score fell, in points of 100,',
    of: ({ score }) => score * 100,
    sign: -1,
  },
  {
    key: 'max_cost_usd_increase',
    code: 'cost-increase',
    what: 'The cost in US dollars rose',
    of: ({ usd }) => usd,
    sign: 1,
  },
  {
    key: 'max_latency_ms_increase',
    code: 'latency-increase',
    what: 'The time at work in milliseconds rose',
    of: ({ workMs }) => workMs,
    sign: 1,
  },
  {
    key: 'max_retry_increase',
    code: 'retry-increase',
    what: 'The number of retries rose',
    of: ({ retries }) => retries,
    sign: 1,
  },
];

function worst(findings: readonly Finding[]): EvalDecision['decision'] {
  if (findings.some(({ severity }) => severity === 'block')) return 'block';
  return findings.length > 0 ? 'warn' : 'pass';
}

function relativeDrop(baseline: number, score: number): number {
  return baseline === 0 ? 0 : rounded((baseline - score) / baseline);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Makes a drop of 0.3 meet a threshold written as 0.3. */
function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

function shown(score: number): string {
  return score.toFixed(2);
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function amount(value: number): string {
  return String(Number(value.toFixed(2)));
}
