import { describe, expect, it } from 'vitest';
import { evaluateCriteria } from '#src/engine/read/criteria.ts';
import type { Criterion } from '#src/plan/plan.ts';

const data = {
  all_tests_pass: true,
  coverage: 81,
  blockers: 0,
  name: 'unit',
  tags: ['fast', 'safe'],
  empty: '',
  findings: [],
  details: {},
  done: false,
};

describe('criteria', () => {
  it.each([
    ['all_tests_pass', 'equals', true, true],
    ['name', 'equals', 'e2e', false],
    ['coverage', 'min', 80, true],
    ['coverage', 'min', 82, false],
    ['coverage', 'max', 81, true],
    ['name', 'min', 1, false],
    ['blockers', 'max', 0, true],
    ['name', 'exists', true, true],
    ['empty', 'exists', true, false],
    ['empty', 'exists', false, true],
    ['missing', 'exists', false, true],
    ['tags', 'exists', true, true],
    ['findings', 'exists', true, false],
    ['details', 'exists', false, true],
    ['done', 'exists', true, false],
    ['blockers', 'exists', true, true],
    ['tags', 'contains', 'safe', true],
    ['name', 'contains', 'ni', true],
    ['tags', 'contains', 'slow', false],
    ['tags', 'within', ['fast', 'safe', 'small'], true],
    ['tags', 'within', ['fast'], false],
    ['name', 'within', ['unit'], false],
    ['name', 'any_of', ['unit', 'e2e'], true],
    ['name', 'any_of', ['e2e'], false],
    ['tags', 'all_of', ['fast', 'safe'], true],
    ['tags', 'all_of', ['fast', 'slow'], false],
  ] as const)('%s %s %j: %s', (path, op, value, passed) => {
    expect(evaluateCriteria([{ path, op, value }], data)).toMatchObject([
      { passed, problem: null },
    ]);
  });

  it('fail on a field that is not there, and name it', () => {
    expect(evaluateCriteria([{ path: 'coverge', op: 'min', value: 80 }], data)).toEqual([
      {
        path: 'coverge',
        op: 'min',
        expected: 80,
        actual: null,
        passed: false,
        problem: 'there is no field "coverge"',
      },
    ]);
  });

  it('fail on a choice of values for a field that is not there', () => {
    const [row] = evaluateCriteria([{ path: 'scope', op: 'any_of', value: ['a'] }], data);

    expect(row).toMatchObject({ passed: false, problem: 'there is no field "scope"' });
  });

  it('fail on a criterion nobody knows, and name it', () => {
    const strange = { path: 'coverage', op: 'about', value: 80 } as unknown as Criterion;

    expect(evaluateCriteria([strange], data)[0]).toMatchObject({
      passed: false,
      problem: 'unknown criterion "about"',
    });
  });

  const low = { path: 'coverage', op: 'min', value: 99 };
  const high = { path: 'coverage', op: 'min', value: 50 };
  const clean = { path: 'blockers', op: 'max', value: 0 };

  it.each([
    ['any_of', [low, high], true],
    ['any_of', [low, [high, low]], false],
    ['any_of', [low, [high, clean]], true],
    ['any_of', [], false],
    ['all_of', [high, clean], true],
    ['all_of', [high, low], false],
    ['all_of', [{ path: '', op: 'any_of', value: [low, clean] }], true],
  ] as const)('%s %j: %s', (op, value, passed) => {
    expect(evaluateCriteria([{ path: '', op, value }], data)).toMatchObject([{ passed }]);
  });

  it.each([
    ['no list', 'needs a list'],
    [['no criterion'], 'is no criterion'],
    [[{ path: 'x', op: 'min' }], 'there is no field "x"'],
  ] as const)('say what is wrong inside: %j', (value, problem) => {
    expect(evaluateCriteria([{ path: '', op: 'all_of', value }], data)).toMatchObject([
      { passed: false, problem },
    ]);
  });
});
