import { describe, expect, it } from 'vitest';
import { startParams } from '#src/language/start/start-params.ts';
import type { ParamSpec } from '#src/plan/plan.ts';

const aParam = (facts: Partial<ParamSpec> = {}): ParamSpec => ({
  type: 'string',
  required: false,
  default: null,
  description: '',
  choices: null,
  ...facts,
});

describe('startParams', () => {
  it('takes what was given and the defaults of the rest', () => {
    const specs = { size: aParam({ default: 'small' }), target: aParam(), note: aParam() };

    expect(startParams(specs, { target: 'main' })).toEqual({
      ok: true,
      params: { size: 'small', target: 'main' },
    });
  });

  it.each([
    ['number', '2.5', 2.5],
    ['integer', '-3', -3],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['string', '7', '7'],
    ['integer', 7, 7],
  ] as const)('reads a %s from %j', (type, given, value) => {
    expect(startParams({ it: aParam({ type }) }, { it: given })).toEqual({
      ok: true,
      params: { it: value },
    });
  });

  it.each([
    ['number', 'many'],
    ['number', ''],
    ['number', 'Infinity'],
    ['integer', '2.5'],
    ['boolean', 'yes'],
    ['string', 7],
  ] as const)('refuses a %s that is %j', (type, given) => {
    expect(startParams({ it: aParam({ type }) }, { it: given })).toEqual({
      ok: false,
      problems: [{ type: 'wrong-type', name: 'it', wanted: type }],
    });
  });

  it('compares a choice by its value, not by how it was written', () => {
    const specs = { rounds: aParam({ type: 'integer', choices: [1, 2] }) };

    expect(startParams(specs, { rounds: '2' })).toEqual({ ok: true, params: { rounds: 2 } });
    expect(startParams(specs, { rounds: '3' })).toEqual({
      ok: false,
      problems: [{ type: 'no-choice', name: 'rounds', choices: [1, 2] }],
    });
  });

  it('tells every problem at once', () => {
    const specs = { size: aParam({ required: true }), deep: aParam({ type: 'boolean' }) };

    expect(startParams(specs, { deep: 'very', sizes: 'small', __proto__x: 'y' })).toEqual({
      ok: false,
      problems: [
        { type: 'unknown', name: 'sizes', suggestion: 'size' },
        { type: 'unknown', name: '__proto__x', suggestion: null },
        { type: 'missing', name: 'size' },
        { type: 'wrong-type', name: 'deep', wanted: 'boolean' },
      ],
    });
  });

  it('knows no parameter that only every object has', () => {
    expect(startParams({}, { constructor: 'x' })).toEqual({
      ok: false,
      problems: [{ type: 'unknown', name: 'constructor', suggestion: null }],
    });
  });
});
