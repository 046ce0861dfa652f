import { describe, expect, it } from 'vitest';
import { compileJsonSchema, type JsonSchema } from '#src/agents/json-schema.ts';

const problemsOf = (schema: JsonSchema, value: unknown) => {
  const compiled = compileJsonSchema(schema);
  if (typeof compiled === 'string') throw new Error(compiled);
  const validation = compiled.validate(value);
  return validation.valid ? [] : validation.problems;
};

describe('compileJsonSchema', () => {
  it('names every problem of a value with its place', () => {
    const schema = {
      type: 'object',
      properties: {
        verdict: { enum: ['approve', 'reject'] },
        issues: { type: 'array', items: { type: 'string' } },
      },
      required: ['verdict', 'summary'],
      additionalProperties: false,
    };

    expect(problemsOf(schema, { verdict: 'maybe', issues: ['a', 1], more: true })).toEqual([
      "the value must have required property 'summary'",
      'the value must NOT have additional properties: more',
      'verdict must be equal to one of the allowed values: ["approve","reject"]',
      'issues/1 must be string',
    ]);
  });

  it.each([
    {
      name: 'a required key without a schema of its own',
      schema: { type: 'object', required: ['a'] },
      value: {},
    },
    {
      name: 'a schema without a type',
      schema: { properties: { a: { type: 'string' } } },
      value: { a: 1 },
    },
    { name: 'not', schema: { not: { type: 'string' } }, value: 'text' },
    {
      name: 'a dependency',
      schema: { dependentRequired: { a: ['b'] } },
      value: { a: 1 },
    },
    { name: 'a format', schema: { format: 'uri' }, value: 'no uri' },
    {
      name: 'a reference',
      schema: { $ref: '#/$defs/x', $defs: { x: { type: 'null' } } },
      value: 1,
    },
    {
      name: 'a tuple of draft-07',
      schema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'array',
        items: [{ type: 'string' }],
      },
      value: [1],
    },
  ])('checks $name', ({ schema, value }) => {
    expect(problemsOf(schema, value)).not.toEqual([]);
  });

  it.each<JsonSchema>([
    { type: 'nonsense' },
    { properties: 1 },
    { $ref: 'https://example.com/schema.json' },
    { pattern: '(' },
  ])('says why %j is no schema', (schema) => {
    expect(compileJsonSchema(schema)).toBeTypeOf('string');
  });

  it('keeps two schemas with the same name apart', () => {
    const first = compileJsonSchema({ $id: 'same', type: 'string' });
    const second = compileJsonSchema({ $id: 'same', type: 'number' });

    expect(typeof first === 'string' || first.validate('a').valid).toBe(true);
    expect(typeof second === 'string' || second.validate('a').valid).toBe(false);
  });

  it('stops a pattern that would take for ever', () => {
    const schema = { type: 'string', pattern: '^(a+)+$' };

    expect(problemsOf(schema, `${'a'.repeat(60)}!`)).toEqual([
      'checking against the schema took too long',
    ]);
  });
});
