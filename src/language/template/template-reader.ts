import type { NunjucksNode } from './nunjucks-parser.ts';
import type { Template, TextPosition } from './template-ast.ts';
import { TemplateError } from './template-error.ts';

export interface Reader {
  readonly depth: number;
  /** Reads the statements of a captured block: the body of `{% filter %}`. */
  readonly template: (list: NunjucksNode | null, reader: Reader) => Template;
}

export function positionOf(node: NunjucksNode): TextPosition {
  return { line: node.lineno + 1, column: node.colno + 1 };
}

export function fieldNode(node: NunjucksNode, field: string): NunjucksNode {
  const child = node[field];
  if (isNode(child)) return child;
  throw new TemplateError('template-syntax', 'something is missing in this tag', positionOf(node));
}

export function fieldNodes(node: NunjucksNode, field: string): readonly NunjucksNode[] {
  const list = node[field];
  return Array.isArray(list) ? list.filter(isNode) : [];
}

export function refuseNode(node: NunjucksNode, what: string): never {
  throw new TemplateError(
    'template-refused',
    `${what} cannot be used in a prompt; prompts have variables, filters, if, for, set and include`,
    positionOf(node),
  );
}

export function isNode(value: unknown): value is NunjucksNode {
  return typeof value === 'object' && value !== null && 'typename' in value;
}
