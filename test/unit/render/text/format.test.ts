import { describe, expect, it } from 'vitest';
import { formatUsage } from '#src/render/comment/usage.ts';
import {
  formatBar,
  formatCount,
  formatDuration,
  formatSize,
  formatUsd,
  joinWords,
  millisecondsBetween,
  plural,
  shortDigest,
} from '#src/render/text/format.ts';

describe('format', () => {
  it.each([
    [0, '0s'],
    [-5, '0s'],
    [48_400, '48s'],
    [60_000, '1m'],
    [102_000, '1m 42s'],
    [7_500_000, '2h 5m'],
    [7_200_000, '2h'],
    [273_600_000, '3d 4h'],
  ])('%i ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [950, '950'],
    [18_400, '18k'],
    [999_600, '1.0M'],
    [1_240_000, '1.2M'],
  ])('%i tokens are %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it('shows money to the cent, and less than one as that', () => {
    expect([0, 0.001, 0.114, 12].map((usd) => formatUsd(usd))).toEqual([
      '$0.00',
      'under $0.01',
      '$0.11',
      '$12.00',
    ]);
  });

  it('shows what was used, and nothing for nothing', () => {
    expect(formatUsage({ inputTokens: 1, outputTokens: 1, usd: null }, 'sentence')).toBe(
      '2 tokens',
    );
    expect(formatUsage({ inputTokens: 0, outputTokens: 0, usd: 0 }, 'cell')).toBe('');
  });

  it('fills a bar by tenths and never beyond its end', () => {
    expect([0, 19, 100, 250].map((used) => formatBar(used, 100))).toEqual([
      '░░░░░░░░░░',
      '▓░░░░░░░░░',
      '▓▓▓▓▓▓▓▓▓▓',
      '▓▓▓▓▓▓▓▓▓▓',
    ]);
    expect(formatBar(1, 0)).toBe('▓▓▓▓▓▓▓▓▓▓');
  });

  it('keeps digests recognisable and short ones whole', () => {
    expect(shortDigest(`sha256:${'ab'.repeat(32)}`)).toBe('sha256:abababab…abab');
    expect(shortDigest('sha256:ab')).toBe('sha256:ab');
  });

  it('counts and joins in words', () => {
    expect(joinWords([])).toBe('');
    expect(joinWords(['a'])).toBe('a');
    expect(joinWords(['a', 'b', 'c'], 'or')).toBe('a, b or c');
    expect(plural(1, 'step')).toBe('1 step');
    expect(plural(1200, 'step')).toBe('1,200 steps');
    expect(formatSize(1)).toBe('1 character');
  });

  it('knows no time between what has not both happened', () => {
    expect(millisecondsBetween(null, '2026-11-21T09:00:00.000Z')).toBeNull();
    expect(millisecondsBetween('2026-11-21T09:00:00.000Z', '2026-11-21T09:00:01.500Z')).toBe(1500);
  });
});
