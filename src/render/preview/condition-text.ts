import type { Condition, Operator } from '../../plan/condition.ts';
import type { Json } from '../../plan/json.ts';

const SIGNS: Readonly<Partial<Record<Operator, string>>> = {
  equals: '==',
  not_equals: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  not_contains: 'not contains',
};

/** A condition the way people write it. */
export function conditionText(condition: Condition): string {
  switch (condition.type) {
    case 'always':
      return 'always';
    case 'outcome':
      return `outcome == ${condition.is.join(' or ')}`;
    case 'field':
      return comparison(`result${condition.path === '' ? '' : `.${condition.path}`}`, condition);
    case 'output':
      return comparison(condition.path, condition);
    case 'text':
      return comparison('text', condition);
    case 'all':
      return condition.of.map(inner).join(' and ');
    case 'any':
      return condition.of.map(inner).join(' or ');
    case 'not':
      return `not ${inner(condition.of)}`;
  }
}

function inner(condition: Condition): string {
  const text = conditionText(condition);
  return condition.type === 'all' || condition.type === 'any' ? `(${text})` : text;
}

function comparison(subject: string, { op, value }: { op: Operator; value?: Json }): string {
  if (op === 'exists') return value === false ? `not ${subject} exists` : `${subject} exists`;
  return `${subject} ${SIGNS[op] ?? op} ${JSON.stringify(value ?? null)}`;
}
