import { didYouMean, nearest } from '../problems/nearest.ts';
import type { NunjucksNode } from './nunjucks-parser.ts';
import type { Expression } from './template-ast.ts';
import { TemplateError } from './template-error.ts';
import { fieldNode, positionOf } from './template-reader.ts';
import { ARGUMENT_NAMES, type FilterName } from './vocabulary.ts';

type Read = (node: NunjucksNode) => Expression;

/** Arguments of a filter in order, with named ones in the position their name stands for. */
export function readArguments(
  filter: FilterName,
  nodes: readonly NunjucksNode[],
  read: Read,
): readonly Expression[] {
  const found = new Map<number, Expression>();
  for (const [index, node] of nodes.entries()) {
    if (node.typename !== 'KeywordArgs') found.set(index, read(node));
    else for (const pair of node.children ?? []) addNamed(filter, pair, found, read);
  }
  const count = Math.max(-1, ...found.keys()) + 1;
  return Array.from({ length: count }, (_, index) => found.get(index) ?? nothing(nodes));
}

function addNamed(
  filter: FilterName,
  pair: NunjucksNode,
  found: Map<number, Expression>,
  read: Read,
): void {
  const name = String(fieldNode(pair, 'key')['value']);
  const names = (ARGUMENT_NAMES[filter] ?? []).filter((one) => one !== '');
  const index = ARGUMENT_NAMES[filter]?.indexOf(name) ?? -1;
  if (!names.includes(name)) {
    const list = names.length === 0 ? 'takes no named arguments' : `has ${names.join(', ')}`;
    const hint = didYouMean(nearest(name, names));
    const message = `the filter ${filter} has no argument \`${name}\`; it ${list}.${hint}`;
    throw new TemplateError('template-refused', message, positionOf(pair));
  }
  if (found.has(index)) {
    const message = `the filter ${filter} is given \`${name}\` twice`;
    throw new TemplateError('template-refused', message, positionOf(pair));
  }
  found.set(index, read(fieldNode(pair, 'value')));
}

/** An omitted argument between given ones. */
function nothing([first]: readonly NunjucksNode[]): Expression {
  const at = first === undefined ? { line: 1, column: 1 } : positionOf(first);
  return { type: 'literal', value: null, at };
}
