import type { Json } from './json.ts';

export const OUTCOMES = ['ok', 'waived', 'revise', 'stub', 'redesign', 'escalate', 'halt'] as const;
/** What an answer means for the flow, whatever words the agent used. */
export type Outcome = (typeof OUTCOMES)[number];

export type Operator =
  | 'equals'
  | 'not_equals'
  | 'contains'
  | 'not_contains'
  | 'starts_with'
  | 'matches'
  | 'in'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'exists';

/** A closed question about one finished node, or about the run's named outputs. Never code. */
export type Condition =
  | { readonly type: 'always' }
  | { readonly type: 'outcome'; readonly is: readonly Outcome[] }
  /** `path` is a dotted path into the node's structured result. */
  | { readonly type: 'field'; readonly path: string; readonly op: Operator; readonly value?: Json }
  /** About the node's text, ignoring case. */
  | { readonly type: 'text'; readonly op: Operator; readonly value: string }
  /** About a named output or parameter of the run: `path` starts with its name. */
  | { readonly type: 'output'; readonly path: string; readonly op: Operator; readonly value?: Json }
  | { readonly type: 'all'; readonly of: readonly Condition[] }
  | { readonly type: 'any'; readonly of: readonly Condition[] }
  | { readonly type: 'not'; readonly of: Condition };
