import { describe, expect, it } from 'vitest';
import { admit, type StartFacts } from '#src/commands/admit.ts';
import type { StartRules } from '#src/plan/plan.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const NO_RULES: StartRules = { skipIf: null, cooldownMs: null, concurrency: null, limits: null };
const NO_SKIPS = { labels: [], search: null, maxOpenPulls: null, unchanged: false };
const QUIET: StartFacts = {
  labels: [],
  search: 'none',
  openPulls: 0,
  unchangedSince: null,
  lastStart: null,
  startsOfUser: 0,
  startsOfRepository: 0,
  busy: [],
  waiting: 0,
  now: NOW,
};

const decide = (rules: Partial<StartRules>, facts: Partial<StartFacts>) =>
  admit({ ...NO_RULES, ...rules }, { ...QUIET, ...facts });
const skip = (given: Partial<typeof NO_SKIPS> | object, facts: Partial<StartFacts>) =>
  decide({ skipIf: { ...NO_SKIPS, ...given } }, facts);
const refusal = (decided: ReturnType<typeof admit>) =>
  decided.type === 'refused' ? decided.reason.code : decided.type;

describe('admit', () => {
  it('admits what no rule says anything about', () => {
    const busyDay = { labels: ['no-bot'], openPulls: 9, startsOfUser: 9, startsOfRepository: 9 };

    expect(decide({}, { ...busyDay, lastStart: NOW, unchangedSince: 'R1' })).toEqual({
      type: 'admitted',
      replaces: [],
    });
  });

  it.each([
    ['label', { labels: ['No-Bot'] }, { labels: ['bug', 'no-bot'] }],
    ['search', { search: 'is:pr' }, { search: 'hit' as const }],
    ['search-refused', { search: 'is:pr' }, { search: 'refused' as const }],
    ['open-pulls', { maxOpenPulls: 3 }, { openPulls: 3 }],
    ['unchanged', { unchanged: true }, { unchangedSince: 'R1' }],
  ])('leaves a start out for its %s', (code, rule, facts) => {
    expect(refusal(skip(rule, facts))).toBe(code);
    expect(refusal(skip(rule, {}))).toBe('admitted');
  });

  it('pauses as long as the cooldown says, counted from the last start', () => {
    const rule = { cooldownMs: 60_000 };

    expect(decide(rule, { lastStart: '2026-11-21T11:59:01.000Z' })).toEqual({
      type: 'refused',
      reason: { code: 'cooldown', until: '2026-11-21T12:00:01.000Z' },
    });
    expect(refusal(decide(rule, { lastStart: '2026-11-21T11:59:00.000Z' }))).toBe('admitted');
  });

  it('counts starts', () => {
    const limits = { perUserHour: 2, perRepositoryDay: 5 };

    expect(refusal(decide({ limits }, { startsOfUser: 1, startsOfRepository: 4 }))).toBe(
      'admitted',
    );
    expect(refusal(decide({ limits }, { startsOfUser: 2 }))).toBe('user-limit');
    expect(refusal(decide({ limits }, { startsOfRepository: 5 }))).toBe('repository-limit');
  });

  it.each([
    ['queue', { type: 'waits', runId: 'R1' }],
    ['replace', { type: 'admitted', replaces: ['R1', 'R2'] }],
    ['refuse', { type: 'refused', reason: { code: 'busy', runId: 'R1' } }],
  ] as const)('with when_busy: %s, answers a start beside live runs', (whenBusy, expected) => {
    expect(decide({ concurrency: { key: 'item', whenBusy } }, { busy: ['R1', 'R2'] })).toEqual(
      expected,
    );
  });

  it('lets one start wait, not two', () => {
    const concurrency = { key: 'item', whenBusy: 'queue' } as const;

    expect(refusal(decide({ concurrency }, { busy: ['R1'], waiting: 1 }))).toBe('waiting');
  });

  it('replaces nothing for a start that does not happen', () => {
    const rules = {
      skipIf: { ...NO_SKIPS, labels: ['no-bot'] },
      concurrency: { key: 'item', whenBusy: 'replace' } as const,
    };

    expect(refusal(decide(rules, { labels: ['no-bot'], busy: ['R1'] }))).toBe('label');
  });
});
