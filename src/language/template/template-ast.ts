import type { FilterName, TestName } from './vocabulary.ts';

/** The part of nunjucks that a workflow file may use. Whatever is not here is refused. */
export type Statement =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly value: Expression; readonly at: TextPosition }
  | {
      readonly type: 'if';
      readonly condition: Expression;
      readonly body: Template;
      readonly otherwise: Template;
    }
  | {
      readonly type: 'for';
      readonly names: readonly string[];
      readonly list: Expression;
      readonly body: Template;
      readonly otherwise: Template;
      readonly at: TextPosition;
    }
  | {
      readonly type: 'set';
      readonly names: readonly string[];
      readonly value: Expression;
      readonly at: TextPosition;
    }
  | {
      readonly type: 'include';
      readonly file: string;
      readonly optional: boolean;
      readonly at: TextPosition;
    };
export type Template = readonly Statement[];

export type Expression = { readonly at: TextPosition } & (
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'member'; readonly target: Expression; readonly key: Expression }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [string, Expression])[] }
  | {
      readonly type: 'binary';
      readonly op: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'unary'; readonly op: 'not' | 'minus' | 'plus'; readonly target: Expression }
  | {
      readonly type: 'compare';
      readonly first: Expression;
      readonly rest: readonly { readonly op: CompareOperator; readonly value: Expression }[];
    }
  | {
      readonly type: 'choice';
      readonly condition: Expression;
      readonly value: Expression;
      readonly otherwise: Expression | null;
    }
  | {
      readonly type: 'test';
      readonly name: TestName;
      readonly target: Expression;
    }
  | {
      readonly type: 'filter';
      readonly name: FilterName;
      readonly input: Expression;
      readonly args: readonly Expression[];
    }
  | { readonly type: 'capture'; readonly body: Template }
);

export const BINARY_OPERATORS = [
  'Or',
  'And',
  'Add',
  'Concat',
  'Sub',
  'Mul',
  'Div',
  'FloorDiv',
  'Mod',
  'Pow',
  'In',
] as const;
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];
export type CompareOperator = '==' | '!=' | '<' | '>' | '<=' | '>=';

/** Counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}
