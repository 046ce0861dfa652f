import { describe, expect, it } from 'vitest';
import type { ConditionFacts } from '#src/engine/read/condition-holds.ts';
import { conditionHolds } from '#src/engine/read/condition-holds.ts';
import type { Condition, Operator } from '#src/plan/condition.ts';
import type { Json } from '#src/plan/json.ts';

const data: Json = {
  scale: 'large',
  score: 7,
  text: '42',
  ok: false,
  none: null,
  layers: ['api', 'ui'],
  nested: { list: [{ id: 'a' }, { id: 'b' }] },
};
const facts: ConditionFacts = {
  result: { outcome: 'revise', data },
  text: '  The verdict: PASS with notes.\n',
  outputs: (name) => (name === 'plan' ? { steps: 3 } : undefined),
};
const field = (path: string, op: Operator, value?: Json): Condition => ({
  type: 'field',
  path,
  op,
  ...(value === undefined ? {} : { value }),
});

describe('a condition about a field', () => {
  it.each([
    ['scale', 'equals', 'large', true],
    ['scale', 'equals', 'Large', false],
    ['scale', 'not_equals', 'small', true],
    ['missing', 'equals', null, false],
    ['missing', 'not_equals', 'x', true],
    ['nested', 'equals', { list: [{ id: 'a' }, { id: 'b' }] }, true],
    ['nested', 'equals', { list: [{ id: 'a' }] }, false],
    ['nested.list.1.id', 'equals', 'b', true],
    ['nested.list.length', 'equals', 2, true],
    ['nested.list.-1', 'exists', true, false],
    ['nested.list.9.id', 'exists', true, false],
    ['layers', 'contains', 'ui', true],
    ['layers', 'contains', 'db', false],
    ['layers', 'not_contains', 'db', true],
    ['scale', 'contains', 'arg', true],
    ['scale', 'contains', 1, false],
    ['nested', 'contains', 'list', true],
    ['score', 'contains', '7', false],
    ['scale', 'starts_with', 'la', true],
    ['score', 'starts_with', '7', false],
    ['scale', 'matches', '^l.*e$', true],
    ['scale', 'matches', '(?i)^LARGE$', true],
    ['scale', 'matches', '(', false],
    ['score', 'matches', '7', false],
    ['scale', 'in', ['small', 'large'], true],
    ['scale', 'in', 'large', false],
    ['missing', 'in', [null], false],
    ['score', 'gt', 6, true],
    ['score', 'gt', 7, false],
    ['score', 'gte', 7, true],
    ['score', 'lt', 7, false],
    ['score', 'lte', 7, true],
    ['text', 'gt', 41, true],
    ['scale', 'gt', 1, false],
    ['ok', 'gte', 0, false],
    ['score', 'exists', true, true],
    ['none', 'exists', true, false],
    ['none', 'exists', false, true],
    ['missing', 'exists', false, true],
    ['ok', 'exists', true, true],
  ] as const)('%s %s %j is %s', (path, op, value, expected) => {
    expect(conditionHolds(field(path, op, value), facts)).toBe(expected);
  });

  it.each(['constructor', '__proto__', 'scale.length', 'layers.map', 'toString.name'])(
    'cannot look at what is not data: %s',
    (path) => {
      expect(conditionHolds(field(path, 'exists'), facts)).toBe(false);
    },
  );

  it('reads the whole result without a path, and nothing without a result', () => {
    expect(conditionHolds(field('', 'exists'), facts)).toBe(true);
    expect(conditionHolds(field('scale', 'exists'), { ...facts, result: null })).toBe(false);
  });
});

describe('a condition about the text', () => {
  it.each([
    ['contains', 'pass', true],
    ['not_contains', 'fail', true],
    ['starts_with', 'THE VERDICT', true],
    ['equals', 'the verdict: pass with notes.', true],
    ['matches', 'pass (with|without) notes', true],
    ['matches', '^pass', false],
    ['exists', '', true],
  ] as const)('ignores case: %s "%s" is %s', (op, value, expected) => {
    expect(conditionHolds({ type: 'text', op, value }, facts)).toBe(expected);
  });

  it('knows an empty text', () => {
    const condition: Condition = { type: 'text', op: 'exists', value: '' };

    expect(conditionHolds(condition, { ...facts, text: ' \n' })).toBe(false);
  });
});

describe('other conditions', () => {
  const yes: Condition = { type: 'always' };
  const no: Condition = { type: 'not', of: yes };

  it.each([
    [yes, true],
    [no, false],
    [{ type: 'outcome', is: ['revise', 'stub'] }, true],
    [{ type: 'outcome', is: ['ok'] }, false],
    [{ type: 'all', of: [yes, no] }, false],
    [{ type: 'all', of: [] }, true],
    [{ type: 'any', of: [no, yes] }, true],
    [{ type: 'any', of: [] }, false],
    [{ type: 'output', path: 'plan.steps', op: 'gte', value: 3 }, true],
    [{ type: 'output', path: 'plan', op: 'exists' }, true],
    [{ type: 'output', path: 'other.steps', op: 'exists' }, false],
  ] as const)('%j is %s', (condition, expected) => {
    expect(conditionHolds(condition as Condition, facts)).toBe(expected);
  });
});
