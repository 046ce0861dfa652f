import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConditionError } from '#src/language/native/condition/condition-error.ts';
import { conditionScope } from '#src/language/native/condition/condition-scope.ts';
import { parseCondition } from '#src/language/native/condition/parse-condition.ts';
import type { Condition } from '#src/plan/condition.ts';
import { aDefinition } from '#test/support/language/builders.ts';

const step = aDefinition('name: t\nsteps: [{id: test, agent: Engineer, prompt: x, output: report}]')
  .spec.steps[0]!;

function parse(text: string, self: typeof step | null = step): Condition {
  return parseCondition(
    text,
    conditionScope({
      self,
      outputs: ['plan', 'code-review', 'report'],
      outputOfStep: new Map([
        ['plan', 'plan'],
        ['test', 'report'],
        ['reviewer', 'code-review'],
        ['later', 'late_output'],
      ]),
      params: ['depth'],
      items: ['task_file'],
      partial: false,
    }),
  );
}

describe('parseCondition', () => {
  it.each<[string, Condition]>([
    ['outcome == revise', { type: 'outcome', is: ['revise'] }],
    ['outcome in [revise, stub]', { type: 'outcome', is: ['revise', 'stub'] }],
    ['outcome != ok', { type: 'not', of: { type: 'outcome', is: ['ok'] } }],
    ['text contains "LGTM"', { type: 'text', op: 'contains', value: 'LGTM' }],
    ["text starts_with 'no way'", { type: 'text', op: 'starts_with', value: 'no way' }],
    ['result.failed > 0', { type: 'field', path: 'failed', op: 'gt', value: 0 }],
    ['test.failed > 0', { type: 'field', path: 'failed', op: 'gt', value: 0 }],
    ['report.failed <= -1.5', { type: 'field', path: 'failed', op: 'lte', value: -1.5 }],
    ['plan.scale == "large"', { type: 'output', path: 'plan.scale', op: 'equals', value: 'large' }],
    [
      'outputs.plan.scale == large',
      { type: 'output', path: 'plan.scale', op: 'equals', value: 'large' },
    ],
    ['reviewer.ok', { type: 'output', path: 'code-review.ok', op: 'equals', value: true }],
    ['outputs.code-review exists', { type: 'output', path: 'code-review', op: 'exists' }],
    ['params.depth >= 2', { type: 'output', path: 'depth', op: 'gte', value: 2 }],
    [
      'task_file.layer == "ui"',
      { type: 'output', path: 'task_file.layer', op: 'equals', value: 'ui' },
    ],
    [
      'plan.layers not contains ui',
      { type: 'not', of: { type: 'output', path: 'plan.layers', op: 'contains', value: 'ui' } },
    ],
    [
      'plan.scale not in [small, "a, b", 3, null]',
      {
        type: 'not',
        of: { type: 'output', path: 'plan.scale', op: 'in', value: ['small', 'a, b', 3, null] },
      },
    ],
    ['plan.say == "a \\"b\\""', { type: 'output', path: 'plan.say', op: 'equals', value: 'a "b"' }],
  ])('reads %s', (text, condition) => {
    expect(parse(text)).toEqual(condition);
  });

  it('binds not before and before or, and parentheses before all', () => {
    const a = { type: 'output', path: 'plan.a', op: 'equals', value: true } as const;
    const b = { ...a, path: 'plan.b' };
    const c = { ...a, path: 'plan.c' };

    expect(parse('plan.a or not plan.b and plan.c')).toEqual({
      type: 'any',
      of: [a, { type: 'all', of: [{ type: 'not', of: b }, c] }],
    });
    expect(parse('not (plan.a or plan.b)')).toEqual({
      type: 'not',
      of: { type: 'any', of: [a, b] },
    });
  });

  it.each([
    ['', 0, 'something is missing at the end'],
    ['plan.a ==', 9, 'a value is missing'],
    ['plan.a and', 10, 'something is missing'],
    ['(plan.a', 0, 'never closed'],
    ['plan.a in [b', 10, 'list is never closed'],
    ['plan.a == "b', 10, 'quote is never closed'],
    ['plan.a = b', 7, '`==`'],
    ['plan.a contain b', 7, 'Did you mean `contains`'],
    ['plan.a == b plan.c', 12, 'does not fit'],
    ['and plan.a', 0, 'name is expected'],
    ['"plan" == a', 0, 'name is expected'],
    ['plan.a == and', 10, 'value is expected'],
    ['plan.a > big', 7, 'needs a number'],
    ['plan.a in b', 7, 'needs a list'],
    ['plan.a $ 3', 7, 'cannot stand'],
    ['plan.a & plan.b', 7, 'cannot stand'],
    ['plann.a', 0, 'Did you mean `plan`'],
    ['late_output.a', 0, 'no output `late_output`'],
    ['later.a', 0, 'depends_on'],
    ['params.dept', 0, 'Did you mean `depth`'],
    ['params', 0, 'needs a name'],
    ['result > 3', 0, 'needs a field'],
    ['outcome', 0, 'asked with'],
    ['outcome == good', 8, 'not an outcome'],
    ['outcome.x == ok', 0, 'no fields'],
    ['text > 3', 5, 'asked with contains'],
    ['text', 0, 'asked with contains'],
  ])('says what is wrong with %j and where', (text, index, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ index }));
    expect(() => parse(text)).toThrow(message);
  });

  it('asks nothing of a step that has not run', () => {
    for (const text of ['outcome == ok', 'text contains "a"', 'result.a']) {
      expect(() => parse(text, null)).toThrow('is asked of a step that has ended');
    }
  });

  it('does not go deeper than it can', () => {
    expect(() => parse(`${'('.repeat(10_000)}plan.a`)).toThrow('nested too deeply');
    expect(() => parse(`${'not '.repeat(10_000)}plan.a`)).toThrow('nested too deeply');
  });

  it('ends in a condition or a ConditionError whatever it is given', () => {
    const words =
      'plan.a outcome text and or not in == > ( ) [ ] , "a" 3 " exists contains revise'.split(' ');
    const texts = fc.array(fc.constantFrom(...words), { maxLength: 12 });
    const endsWell = fc.property(texts, (parts) => {
      try {
        return typeof parse(parts.join(' ')).type === 'string';
      } catch (error) {
        return error instanceof ConditionError;
      }
    });

    expect(fc.check(endsWell, { numRuns: 2000 })).toMatchObject({ failed: false });
  });
});
