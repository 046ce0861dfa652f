import type { Expression, Statement, TextPosition } from './template-ast.ts';

const PLACEHOLDER = /(\$?)\$\{([A-Za-z_]\w*(?:\.[A-Za-z_][\w-]*)*)\}/g;

/** Splits text at `${name}` and `${name.field}`; `$${name}` stands for itself, less one dollar. */
export function readPlaceholders(text: string, start: TextPosition): readonly Statement[] {
  const statements: Statement[] = [];
  let done = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, escaped, path] = match;
    if (escaped === '$') {
      push(statements, text.slice(done, match.index) + whole.slice(1));
    } else {
      push(statements, text.slice(done, match.index));
      const at = positionAt(text, match.index, start);
      statements.push({ type: 'print', value: pathExpression(path ?? '', at), at });
    }
    done = match.index + whole.length;
  }
  push(statements, text.slice(done));
  return statements;
}

function push(statements: Statement[], text: string): void {
  if (text !== '') statements.push({ type: 'text', text });
}

function pathExpression(path: string, at: TextPosition): Expression {
  const [first = '', ...fields] = path.split('.');
  return fields.reduce<Expression>(
    (target, field) => ({
      type: 'member',
      target,
      key: { type: 'literal', value: field, at },
      at,
    }),
    { type: 'name', name: first, at },
  );
}

function positionAt(text: string, index: number, start: TextPosition): TextPosition {
  const before = text.slice(0, index).split('\n');
  const last = before.at(-1) ?? '';
  return before.length === 1
    ? { line: start.line, column: start.column + last.length }
    : { line: start.line + before.length - 1, column: last.length + 1 };
}
