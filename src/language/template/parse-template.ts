import type { NunjucksNode } from './nunjucks-parser.ts';
import { isRawText, parseNunjucks } from './nunjucks-parser.ts';
import { readExpression } from './read-expression.ts';
import { readPlaceholders } from './read-placeholders.ts';
import type { Statement, Template, TextPosition } from './template-ast.ts';
import { TemplateError } from './template-error.ts';
import {
  fieldNode,
  fieldNodes,
  isNode,
  positionOf,
  type Reader,
  refuseNode,
} from './template-reader.ts';

/** A template is a prompt, not a program. */
const MAX_TEMPLATE_CHARS = 100_000;

/**
 * Parses a template into the closed set of forms that may be evaluated. Throws TemplateError for
 * everything else: macros, function calls, regular expressions, inheritance, imports.
 */
export function parseTemplate(text: string): Template {
  if (text.length > MAX_TEMPLATE_CHARS) {
    throw new TemplateError(
      'template-limit',
      `the template has ${text.length} characters, more than the ${MAX_TEMPLATE_CHARS} allowed; move material into files the agent can read`,
      { line: 1, column: 1 },
    );
  }
  // nunjucks' lexer steps back over a newline with a field it never sets, which only CRLF reaches.
  const root = parseSafely(text.replaceAll('\r\n', '\n'));
  const reader: Reader = { depth: 0, template: readNodes };
  return readNodes(root, reader);
}

function parseSafely(text: string): NunjucksNode {
  try {
    return parseNunjucks(text);
  } catch (error) {
    throw syntaxError(error, text);
  }
}

function syntaxError(error: unknown, text: string): TemplateError {
  if (error instanceof RangeError) {
    return new TemplateError(
      'template-limit',
      'the template is nested too deeply',
      { line: 1, column: 1 },
      { cause: error },
    );
  }
  const found = placeOf(error);
  // A TypeError is nunjucks reading past the last token: something was opened and never closed.
  const message =
    error instanceof TypeError || !(error instanceof Error)
      ? 'the template ends inside a tag; close it with }} or %}'
      : plainMessage(error.message);
  const at = found ?? endOf(text);
  return new TemplateError('template-syntax', message, at, { cause: error });
}

/** nunjucks puts the place into its errors if it knows it. */
function placeOf(error: unknown): TextPosition | null {
  if (typeof error !== 'object' || error === null || !('lineno' in error)) return null;
  if (typeof error.lineno !== 'number') return null;
  const column = 'colno' in error && typeof error.colno === 'number' ? error.colno : 1;
  return { line: error.lineno, column };
}

/** nunjucks puts its own function names before some messages. */
function plainMessage(message: string): string {
  return message.replace(/^parse[A-Z][A-Za-z]*: /, '').replace(/^advanceAfterBlockEnd: /, '');
}

function endOf(text: string): TextPosition {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function readNodes(list: NunjucksNode | null, reader: Reader): Template {
  if (list === null) return [];
  if (list.typename === 'If') return readStatement(list, reader);
  return (list.children ?? []).flatMap((node) => readStatement(node, reader));
}

function readStatement(node: NunjucksNode, reader: Reader): readonly Statement[] {
  const at = positionOf(node);
  switch (node.typename) {
    case 'Output':
      return (node.children ?? []).flatMap((child) => readOutput(child, reader));
    case 'If':
      return [
        {
          type: 'if',
          condition: readExpression(fieldNode(node, 'cond'), reader),
          body: nested(node, 'body', reader),
          otherwise: nested(node, 'else_', reader),
        },
      ];
    case 'For':
      return [
        {
          type: 'for',
          names: readLoopNames(fieldNode(node, 'name')),
          list: readExpression(fieldNode(node, 'arr'), reader),
          body: nested(node, 'body', reader),
          otherwise: nested(node, 'else_', reader),
          at,
        },
      ];
    case 'Set':
      return [readSet(node, reader)];
    case 'Include':
      return [readInclude(node)];
    default:
      return refuseNode(node, STATEMENT_NAMES[node.typename] ?? node.typename.toLowerCase());
  }
}

const STATEMENT_NAMES: Readonly<Record<string, string>> = {
  Macro: '{% macro %}',
  Import: '{% import %}',
  FromImport: '{% from … import %}',
  Extends: '{% extends %}',
  Block: '{% block %}',
  Switch: '{% switch %}',
  AsyncEach: '{% asyncEach %}',
  AsyncAll: '{% asyncAll %}',
  IfAsync: '{% ifAsync %}',
};

function nested(node: NunjucksNode, field: string, reader: Reader): Template {
  const child = node[field];
  return isNode(child) ? readNodes(child, deeper(reader, node)) : [];
}

function deeper(reader: Reader, node: NunjucksNode): Reader {
  if (reader.depth >= 50) {
    throw new TemplateError('template-limit', 'tags are nested too deeply', positionOf(node));
  }
  return { ...reader, depth: reader.depth + 1 };
}

function readOutput(child: NunjucksNode, reader: Reader): readonly Statement[] {
  if (child.typename !== 'TemplateData') {
    const value = readExpression(child, reader);
    return [{ type: 'print', value, at: value.at }];
  }
  const text = child['value'];
  if (typeof text !== 'string' || text === '') return [];
  return isRawText(child) ? [{ type: 'text', text }] : readPlaceholders(text, positionOf(child));
}

function readLoopNames(name: NunjucksNode): readonly string[] {
  const names = name.typename === 'Array' ? (name.children ?? []) : [name];
  return names.map(readTarget);
}

function readSet(node: NunjucksNode, reader: Reader): Statement {
  const at = positionOf(node);
  const body = node['body'];
  const names = fieldNodes(node, 'targets').map(readTarget);
  if (!isNode(body)) {
    return { type: 'set', names, value: readExpression(fieldNode(node, 'value'), reader), at };
  }
  const inner = readNodes(fieldNode(body, 'body'), deeper(reader, node));
  return { type: 'set', names, value: { type: 'capture', body: inner, at }, at };
}

function readTarget(node: NunjucksNode): string {
  const name = node.typename === 'Symbol' ? String(node['value']) : '';
  if (/^[A-Za-z_]\w*$/.test(name) && name !== 'loop' && !name.startsWith('__')) return name;
  throw new TemplateError(
    'template-syntax',
    'a variable is named with letters, digits and _, and is not `loop`',
    positionOf(node),
  );
}

function readInclude(node: NunjucksNode): Statement {
  const file = fieldNode(node, 'template');
  if (file.typename !== 'Literal' || typeof file['value'] !== 'string') {
    throw new TemplateError(
      'template-include',
      'include takes the name of a file in quotes, for example {% include "prompts/rules.md" %}',
      positionOf(node),
    );
  }
  return {
    type: 'include',
    file: file['value'],
    optional: node['ignoreMissing'] === true,
    at: positionOf(node),
  };
}
