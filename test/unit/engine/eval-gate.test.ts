import { describe, expect, it } from 'vitest';
import { judgeRun } from '#src/engine/read/eval-gate.ts';
import type { Scorecard } from '#src/engine/read/scorecard.ts';
import { scorecardFor } from '#src/engine/read/scorecard.ts';
import type { EvalGateSpec } from '#src/plan/plan.ts';

const SPEC: EvalGateSpec = {
  minBaselineRuns: 5,
  baselineWindow: 20,
  warnThreshold: 0.15,
  blockThreshold: 0.3,
  insufficientBaseline: 'pass',
  mode: 'fail-open',
  thresholds: {},
};

const card = (score: number, patch: Partial<Scorecard> = {}): Scorecard => ({
  score,
  tokens: 1_000,
  usd: 1,
  workMs: 60_000,
  retries: 0,
  ...patch,
});
const mean90 = [0.8, 0.85, 0.9, 0.95, 1].map((score) => card(score));

describe('the comparison with earlier runs', () => {
  it('13: warns at a drop of 17.8 % below a mean of 0.90, and blocks at 33.3 %', () => {
    expect(judgeRun(SPEC, card(0.74), mean90)).toMatchObject({
      decision: 'warn',
      reasonCodes: ['score-drop'],
      message: 'Score 0.74 is 17.8 % below the mean of 0.90 over 5 runs; from 15 % on it warns.',
      baselineSize: 5,
    });
    expect(judgeRun(SPEC, card(0.6), mean90)).toMatchObject({
      decision: 'block',
      message: 'Score 0.60 is 33.3 % below the mean of 0.90 over 5 runs; from 30 % on it blocks.',
    });
  });

  it('13: passes while there are too few earlier runs, and says so', () => {
    expect(judgeRun(SPEC, card(0.6), mean90.slice(1))).toEqual({
      decision: 'pass',
      reasonCodes: ['insufficient-baseline'],
      message: 'Score 0.60; 4 of the 5 earlier runs that a comparison needs are there.',
      baselineSize: 4,
      baselineMean: null,
      drop: null,
    });
  });

  it('can warn while there are too few earlier runs', () => {
    const spec = { ...SPEC, insufficientBaseline: 'warn' } as const;

    expect(judgeRun(spec, card(1), []).decision).toBe('warn');
  });

  it.each([
    [1, 'pass'],
    [0.9, 'pass'],
    [0.766, 'pass'],
    [0.765, 'warn'],
    [0.631, 'warn'],
    [0.63, 'block'],
    [0, 'block'],
  ])('of a score of %d with a mean of 0.90 is: %s', (score, decision) => {
    expect(judgeRun(SPEC, card(score), mean90).decision).toBe(decision);
  });

  it('looks at the latest runs of the window only', () => {
    const old = Array.from({ length: 5 }, () => card(0.1));
    const spec = { ...SPEC, baselineWindow: 5 };

    expect(judgeRun(spec, card(0.6), [...mean90, ...old]).decision).toBe('block');
  });

  it('cannot fall below a baseline of nothing', () => {
    const nothing = Array.from({ length: 5 }, () => card(0));

    expect(judgeRun(SPEC, card(0), nothing)).toMatchObject({ decision: 'pass', drop: 0 });
  });

  it('has absolute limits as well, each with a code of its own', () => {
    const thresholds = {
      max_quality_score_drop: 5,
      max_cost_usd_increase: 0.5,
      max_latency_ms_increase: 30_000,
      max_retry_increase: 1,
    };
    const worse = card(0.8, { usd: 2, workMs: 120_000, retries: 2 });

    const { decision, reasonCodes, message } = judgeRun({ ...SPEC, thresholds }, worse, mean90);

    expect(decision).toBe('warn');
    expect(reasonCodes).toEqual([
      'quality-score-drop',
      'cost-increase',
      'latency-increase',
      'retry-increase',
    ]);
    expect(message).toContain(
      'The cost in US dollars rose by 1 against the mean; 0.5 are allowed.',
    );
  });

  it('blocks at an absolute limit when it is closed, and tolerates what is just allowed', () => {
    const spec = { ...SPEC, mode: 'fail-closed', thresholds: { max_retry_increase: 1 } } as const;

    expect(judgeRun(spec, card(0.9, { retries: 2 }), mean90).decision).toBe('block');
    expect(judgeRun(spec, card(0.9, { retries: 1 }), mean90).decision).toBe('pass');
  });

  it('does not compare a cost that nobody knows', () => {
    const spec = { ...SPEC, thresholds: { max_cost_usd_increase: 0.1 } };
    const unknown = mean90.map((one) => ({ ...one, usd: null }));

    expect(judgeRun(spec, card(0.9, { usd: null }), mean90).decision).toBe('pass');
    expect(judgeRun(spec, card(0.9, { usd: 9 }), unknown).decision).toBe('pass');
  });
});

describe('the score of a run', () => {
  const effort = { tokens: 0, usd: null, workMs: 0, retries: 0 };

  it.each([
    [effort, 1],
    [{ ...effort, retries: 2 }, 0.92],
    [{ ...effort, tokens: 500_000 }, 0.95],
    [{ ...effort, tokens: 9_000_000 }, 0.85],
    [{ ...effort, workMs: 600_000 }, 0.9],
    [{ ...effort, workMs: 90_000_000 }, 0.8],
    [{ ...effort, retries: 40 }, 0],
  ])('of %j is %d', (took, score) => {
    expect(scorecardFor(took).score).toBe(score);
  });
});
