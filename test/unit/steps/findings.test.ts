import { describe, expect, it } from 'vitest';
import { findingsOf } from '#src/steps/agent/findings.ts';

describe('findings of a structured answer', () => {
  it.each(['tech_debt', 'tech-debt', 'Tech Debt', 'debt', 'technical_debt'])(
    'are technical debt with the severity %s',
    (severity) => {
      const issues = [{ severity, file: 'src/a.ts', line: 3, description: 'Slow.' }];

      expect(findingsOf({ issues })).toEqual({ debts: ['src/a.ts:3: Slow.'], remarks: [] });
    },
  );

  it.each(['skippable', 'nitpick', 'nit', 'note'])('are remarks with the severity %s', (word) => {
    const findings = [{ severity: word, title: 'Rename it', suggestion: 'Call it `total`.' }];

    expect(findingsOf({ findings })).toEqual({
      debts: [],
      remarks: ['Rename it Call it `total`.'],
    });
  });

  it('are neither when they hold the work up, or do not say how grave they are', () => {
    const issues = [
      { severity: 'blocker', description: 'Wrong.' },
      { severity: 7, description: 'Odd.' },
      { description: 'Unsorted.' },
      'text',
      null,
    ];

    expect(findingsOf({ issues, findings: 'none' })).toEqual({ debts: [], remarks: [] });
    expect(findingsOf(null)).toEqual({ debts: [], remarks: [] });
  });

  it('are listed once each, a hundred at most and each on one short line', () => {
    const same = { severity: 'debt', description: 'Twice.' };
    const many = Array.from({ length: 150 }, (_, at) => ({
      severity: 'debt',
      description: `${at} ${'x'.repeat(500)}`,
    }));

    const { debts } = findingsOf({ issues: [same, same, ...many] });

    expect(debts).toHaveLength(100);
    expect(debts[0]).toBe('Twice.');
    expect(debts.every(({ length }) => length <= 300)).toBe(true);
  });
});
