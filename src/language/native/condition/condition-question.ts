import { type Condition, type Operator, OUTCOMES, type Outcome } from '../../../plan/condition.ts';
import type { Json } from '../../../plan/json.ts';
import { nearest } from '../../problems/nearest.ts';
import { ConditionError } from './condition-error.ts';

/** What a path leads to at the place of the condition. */
export type PathTarget =
  | { readonly type: 'outcome' }
  | { readonly type: 'text' }
  | { readonly type: 'field'; readonly path: string }
  | { readonly type: 'output'; readonly path: string };

/** What follows a path: `> 3`, `not in [a, b]`. */
export interface Comparison {
  readonly op: Operator;
  readonly value: Json;
  readonly negated: boolean;
  readonly index: number;
}

/** The question that a path and its operator ask; a path alone asks whether it is true. */
export function ask(target: PathTarget, asked: Comparison | null, index: number): Condition {
  const question = asked ?? { op: 'equals' as const, value: true, negated: false, index };
  const condition = questionAbout(target, question, asked === null);
  return question.negated ? { type: 'not', of: condition } : condition;
}

function questionAbout(target: PathTarget, asked: Comparison, bare: boolean): Condition {
  switch (target.type) {
    case 'outcome':
      return { type: 'outcome', is: outcomes(asked, bare) };
    case 'text':
      return textQuestion(asked, bare);
    case 'field':
    case 'output': {
      checkValue(asked);
      const value = asked.op === 'exists' ? {} : { value: asked.value };
      return { type: target.type, path: target.path, op: asked.op, ...value };
    }
  }
}

function checkValue({ op, value, index }: Comparison): void {
  const ordered = op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte';
  if (ordered && typeof value !== 'number') {
    throw new ConditionError('this comparison needs a number on its right.', index);
  }
  if (op === 'in' && !Array.isArray(value)) {
    throw new ConditionError('`in` needs a list such as [a, b] on its right.', index);
  }
}

function textQuestion({ op, value, index }: Comparison, bare: boolean): Condition {
  const fits = op === 'contains' || op === 'starts_with' || op === 'equals';
  if (bare || !fits || typeof value !== 'string') {
    throw new ConditionError('`text` is asked with contains, starts_with or == and a text.', index);
  }
  return { type: 'text', op, value };
}

function outcomes({ op, value, index }: Comparison, bare: boolean): readonly Outcome[] {
  if (bare || (op !== 'equals' && op !== 'in')) {
    throw new ConditionError('`outcome` is asked with ==, != or in.', index);
  }
  const words = Array.isArray(value) ? value : [value];
  return words.map((word) => {
    const outcome = OUTCOMES.find((known) => known === word);
    if (outcome !== undefined) return outcome;
    const meant = typeof word === 'string' ? nearest(word, OUTCOMES) : null;
    throw new ConditionError(
      `\`${String(word)}\` is not an outcome; there are ${OUTCOMES.join(', ')}.`,
      index,
      meant,
    );
  });
}
