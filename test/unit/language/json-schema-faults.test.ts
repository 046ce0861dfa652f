import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileJsonSchema } from '#src/agents/json-schema.ts';
import { schemaFaults } from '#src/language/native/check/json-schema-faults.ts';
import type { JsonObject } from '#src/plan/json.ts';

const names = fc.constantFrom('a', 'b', 'toString', '^x-', '(');

/** Schemas as people write them, with the mistakes people make in them. */
const { schema } = fc.letrec<{ schema: JsonObject; inner: JsonObject | boolean }>((tie) => ({
  inner: fc.oneof({ depthSize: 'small' }, fc.boolean(), tie('schema')),
  schema: fc.record(
    {
      type: fc.constantFrom('string', 'object', 'strng', ['string', 'null'], ['any'], 3),
      properties: fc.oneof(fc.dictionary(names, tie('inner'), { maxKeys: 2 }), fc.constant([])),
      patternProperties: fc.dictionary(names, tie('inner'), { maxKeys: 2 }),
      required: fc.constantFrom(['a'], [], ['a', 'a'], true, 'a'),
      enum: fc.constantFrom(['x'], [], 'x'),
      pattern: fc.constantFrom('^a+$', '(', 7),
      items: fc.oneof(tie('inner'), fc.constant([{ type: 'string' }]), fc.constant('string')),
      additionalProperties: fc.oneof(tie('inner'), fc.constant('no')),
      anyOf: fc.oneof(fc.array(tie('inner'), { maxLength: 2 }), fc.constant({})),
      not: tie('inner'),
      minimum: fc.constantFrom(0, -1.5, '0'),
      exclusiveMinimum: fc.constantFrom(1, true),
      multipleOf: fc.constantFrom(2, 0),
      minLength: fc.constantFrom(0, -1, 1.5),
      uniqueItems: fc.constantFrom(true, 'yes'),
      $ref: fc.constantFrom('#', '#/$defs/item', '#/$defs/nothing', 'https://example.com/a'),
      remark: fc.constant('anything'),
    },
    { requiredKeys: [] },
  ),
}));

describe('the faults of a JSON Schema', () => {
  it('are found exactly where no answer could be checked against it', () => {
    fc.assert(
      fc.property(schema, (drawn) => {
        const whole = { ...drawn, $defs: { item: { type: 'string' } } };

        const faults = schemaFaults(whole);

        expect(faults.length > 0).toBe(typeof compileJsonSchema(whole) === 'string');
      }),
      { numRuns: 1000, seed: 20_261_121 },
    );
  });

  it('are none in a list of item schemas, as long as the schema says that it is of draft-07', () => {
    const list = { items: [{ type: 'string' }] };

    expect(schemaFaults(list)).toMatchObject([{ at: ['items'] }]);
    expect(schemaFaults({ ...list, $schema: 'http://json-schema.org/draft-07/schema#' })).toEqual(
      [],
    );
  });
});
