import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionHolds } from '#src/engine/read/condition-holds.ts';
import type { Json } from '#src/plan/json.ts';
import { aPlan } from '#test/support/language/builders.ts';
import { diagnosesOf } from '#test/support/language/doubtful-corpus.ts';

const NUMBERS = [0, 1, 2, 3, 4, 5, 6];
const KINDS = ['bug', 'idea', 'question'];

const workflow = (when: string): string => `name: a
steps:
  - id: plan
    agent: Planner
    prompt: x
    result:
      schema:
        type: object
        required: [n, kind, hot]
        properties:
          n: {type: integer, minimum: 0, maximum: 6}
          kind: {enum: [bug, idea, question]}
          hot: {type: boolean}
  - {id: next, agent: Engineer, prompt: x, depends_on: [plan], when: ${JSON.stringify(when)}}
`;

/** Every result the contract allows. */
const RESULTS: readonly Json[] = NUMBERS.flatMap((n) =>
  KINDS.flatMap((kind) => [true, false].map((hot) => ({ n, kind, hot }))),
);

const question = fc.oneof(
  fc
    .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), fc.integer({ min: -1, max: 8 }))
    .map(([sign, number]) => `plan.n ${sign} ${number}`),
  fc
    .tuple(fc.constantFrom('==', '!='), fc.constantFrom(...KINDS, 'other'))
    .map(([sign, kind]) => `plan.kind ${sign} "${kind}"`),
  fc
    .subarray(KINDS, { minLength: 1 })
    .map((kinds) => `plan.kind in [${kinds.map((kind) => `"${kind}"`).join(', ')}]`),
  fc.constantFrom('plan.hot', 'not plan.hot', 'plan.n exists'),
);

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    question,
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a}) and (${b})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a}) or (${b})`),
    tie('condition').map((inner) => `not (${inner})`),
  ),
}));

/** The truth, found by asking about every possible result. */
function truthOf(text: string): 'never' | 'always' | 'sometimes' {
  const plan = aPlan(text);
  const when = plan.graphs[plan.main]!.nodes.find(({ id }) => id === 'next')!.when!;
  const held = RESULTS.filter((data) =>
    conditionHolds(when, {
      result: null,
      text: '',
      outputs: (name) => (name === 'plan' ? data : undefined),
    }),
  );
  if (held.length === 0) return 'never';
  return held.length === RESULTS.length ? 'always' : 'sometimes';
}

const RULES = { never: ['never-holds'], always: ['always-holds'], sometimes: [] };

describe('the doctor on conditions', () => {
  it('calls a condition impossible or idle exactly when no possible result, or every one, fulfils it', () => {
    fc.assert(
      fc.property(condition, (when) => {
        const text = workflow(when);

        const rules = diagnosesOf(text).map(({ rule }) => rule);

        expect(rules).toEqual(RULES[truthOf(text)]);
      }),
      { numRuns: 400, seed: 20_261_121 },
    );
  });
});
