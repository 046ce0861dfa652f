import { nearest } from '../problems/nearest.ts';
import type { NunjucksNode } from './nunjucks-parser.ts';
import { readArguments } from './read-arguments.ts';
import {
  BINARY_OPERATORS,
  type BinaryOperator,
  type CompareOperator,
  type Expression,
} from './template-ast.ts';
import { TemplateError } from './template-error.ts';
import { fieldNode, fieldNodes, positionOf, type Reader, refuseNode } from './template-reader.ts';
import { FILTER_NAMES, TEST_NAMES } from './vocabulary.ts';

const MAX_DEPTH = 150;

/** Turns one nunjucks expression into ours, refusing calls, regular expressions and the unknown. */
export function readExpression(node: NunjucksNode, reader: Reader): Expression {
  if (reader.depth >= MAX_DEPTH) {
    throw new TemplateError(
      'template-limit',
      'the expression is too long; split it with {% set %}',
      positionOf(node),
    );
  }
  const read = READERS[node.typename];
  if (read !== undefined) return read(node, { ...reader, depth: reader.depth + 1 });
  if (isBinary(node.typename)) return readBinary(node, node.typename, reader);
  if (node.typename === 'FunCall') return refuseCall(node);
  return refuseNode(node, EXPRESSION_NAMES[node.typename] ?? node.typename.toLowerCase());
}

function refuseCall(node: NunjucksNode): never {
  const callee = fieldNode(node, 'name');
  const name =
    callee.typename === 'Symbol' ? `\`${String(callee['value'])}()\`` : 'a function call';
  return refuseNode(callee, name);
}

const EXPRESSION_NAMES: Readonly<Record<string, string>> = {
  Caller: '{% call %}',
  KeywordArgs: 'a named argument',
  Super: 'super()',
};

type ReadNode = (node: NunjucksNode, reader: Reader) => Expression;
const READERS: Readonly<Record<string, ReadNode>> = {
  Literal: readLiteral,
  Symbol: readName,
  Group: readGroup,
  Array: (node, reader) => ({
    type: 'list',
    items: (node.children ?? []).map((item) => readExpression(item, reader)),
    at: positionOf(node),
  }),
  Dict: readMap,
  LookupVal: (node, reader) => {
    const target = readExpression(fieldNode(node, 'target'), reader);
    const key = readExpression(fieldNode(node, 'val'), reader);
    return { type: 'member', target, key, at: target.at };
  },
  Not: unary('not'),
  Neg: unary('minus'),
  Pos: unary('plus'),
  Compare: readCompare,
  InlineIf: (node, reader) => ({
    type: 'choice',
    condition: readExpression(fieldNode(node, 'cond'), reader),
    value: readExpression(fieldNode(node, 'body'), reader),
    otherwise: node['else_'] === null ? null : readExpression(fieldNode(node, 'else_'), reader),
    at: positionOf(node),
  }),
  Is: readTest,
  Filter: readFilter,
  Capture: (node, reader) => ({
    type: 'capture',
    body: reader.template(fieldNode(node, 'body'), reader),
    at: positionOf(node),
  }),
};

function isBinary(typename: string): typename is BinaryOperator {
  return (BINARY_OPERATORS as readonly string[]).includes(typename);
}

function readBinary(node: NunjucksNode, op: BinaryOperator, reader: Reader): Expression {
  const inner = { ...reader, depth: reader.depth + 1 };
  return {
    type: 'binary',
    op,
    left: readExpression(fieldNode(node, 'left'), inner),
    right: readExpression(fieldNode(node, 'right'), inner),
    at: positionOf(node),
  };
}

function readLiteral(node: NunjucksNode): Expression {
  const value = node['value'];
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return { type: 'literal', value, at: positionOf(node) };
  }
  return refuseNode(node, 'a regular expression');
}

function readName(node: NunjucksNode): Expression {
  const name = String(node['value']);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new TemplateError(
      'template-syntax',
      `\`${name}\` is not a variable name; names have letters, digits and _`,
      positionOf(node),
    );
  }
  return { type: 'name', name, at: positionOf(node) };
}

function readGroup(node: NunjucksNode, reader: Reader): Expression {
  const [inner, ...more] = node.children ?? [];
  if (inner !== undefined && more.length === 0) return readExpression(inner, reader);
  throw new TemplateError(
    'template-syntax',
    'parentheses hold exactly one expression',
    positionOf(node),
  );
}

function readMap(node: NunjucksNode, reader: Reader): Expression {
  const entries = (node.children ?? []).map((pair): readonly [string, Expression] => {
    const key = fieldNode(pair, 'key');
    const name = key['value'];
    if ((key.typename !== 'Symbol' && key.typename !== 'Literal') || typeof name !== 'string') {
      throw new TemplateError('template-syntax', 'a key is a name or text', positionOf(key));
    }
    return [name, readExpression(fieldNode(pair, 'value'), reader)];
  });
  return { type: 'map', entries, at: positionOf(node) };
}

function unary(op: 'not' | 'minus' | 'plus'): ReadNode {
  return (node, reader) => ({
    type: 'unary',
    op,
    target: readExpression(fieldNode(node, 'target'), reader),
    at: positionOf(node),
  });
}

const COMPARE_OPERATORS: Readonly<Record<string, CompareOperator>> = {
  '==': '==',
  '===': '==',
  '!=': '!=',
  '!==': '!=',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
};

function readCompare(node: NunjucksNode, reader: Reader): Expression {
  const rest = fieldNodes(node, 'ops').map((operand) => {
    const op = COMPARE_OPERATORS[String(operand['type'])];
    if (op === undefined) return refuseNode(operand, 'this comparison');
    return { op, value: readExpression(fieldNode(operand, 'expr'), reader) };
  });
  return {
    type: 'compare',
    first: readExpression(fieldNode(node, 'expr'), reader),
    rest,
    at: positionOf(node),
  };
}

/** `x is defined` has a Symbol on the right, `x is odd()` a FunCall. */
function readTest(node: NunjucksNode, reader: Reader): Expression {
  const right = fieldNode(node, 'right');
  const isNull = right.typename === 'Literal' && right['value'] === null;
  return {
    type: 'test',
    name: knownName(isNull ? 'null' : right['value'], 'test', TEST_NAMES, node),
    target: readExpression(fieldNode(node, 'left'), reader),
    at: positionOf(node),
  };
}

function readFilter(node: NunjucksNode, reader: Reader): Expression {
  const [input, ...args] = fieldNode(node, 'args').children ?? [];
  if (input === undefined) return refuseNode(node, 'a filter without input');
  const name = knownName(fieldNode(node, 'name')['value'], 'filter', FILTER_NAMES, node);
  return {
    type: 'filter',
    name,
    input: readExpression(input, reader),
    args: readArguments(name, args, (argument) => readExpression(argument, reader)),
    at: positionOf(node),
  };
}

function knownName<Name extends string>(
  word: unknown,
  what: string,
  names: readonly Name[],
  node: NunjucksNode,
): Name {
  const name = names.find((known) => known === word);
  if (name !== undefined) return name;
  const asked = typeof word === 'string' ? word : 'of this kind';
  const meant = nearest(asked, names);
  const hint = meant === null ? `; there are ${names.join(', ')}` : `. Did you mean \`${meant}\`?`;
  throw new TemplateError(
    'template-refused',
    `there is no ${what} \`${asked}\`${hint}`,
    positionOf(node),
  );
}
