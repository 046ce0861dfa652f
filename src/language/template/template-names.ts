import type { Expression, Template, TextPosition } from './template-ast.ts';

/** A variable a template reads, with the fields named after it: `outputs.plan` is [outputs, plan]. */
export interface NameUse {
  readonly path: readonly string[];
  readonly at: TextPosition;
  /** Inside `default` or `is defined`: may be absent. */
  readonly guarded: boolean;
  /** Read whenever the template is rendered, not only if one of its conditions holds. */
  readonly always: boolean;
}

export interface TemplateUses {
  readonly names: readonly NameUse[];
  readonly includes: readonly {
    readonly file: string;
    readonly at: TextPosition;
    readonly optional: boolean;
    readonly always: boolean;
  }[];
}

/** Lists what a template reads from outside, leaving out what it sets itself. */
export function findUses(template: Template): TemplateUses {
  const found: Found = { names: [], includes: [] };
  walk(template, new Set(['loop']), found, true);
  return found;
}

interface Found {
  readonly names: NameUse[];
  readonly includes: { file: string; at: TextPosition; optional: boolean; always: boolean }[];
}

function walk(template: Template, outer: ReadonlySet<string>, found: Found, always: boolean): void {
  const local = new Set(outer);
  for (const statement of template) {
    switch (statement.type) {
      case 'text':
        break;
      case 'print':
        visit(statement.value, { local, found, always }, false);
        break;
      case 'if':
        visit(statement.condition, { local, found, always: false }, false);
        walk(statement.body, local, found, false);
        walk(statement.otherwise, local, found, false);
        // What either branch sets is visible below it, as when it is run.
        for (const name of assigned([...statement.body, ...statement.otherwise])) local.add(name);
        break;
      case 'for':
        visit(statement.list, { local, found, always }, false);
        walk(statement.body, new Set([...local, ...statement.names]), found, false);
        walk(statement.otherwise, local, found, false);
        break;
      case 'set':
        visit(statement.value, { local, found, always }, false);
        for (const name of statement.names) local.add(name);
        break;
      case 'include':
        found.includes.push({
          file: statement.file,
          at: statement.at,
          optional: statement.optional,
          always,
        });
    }
  }
}

function assigned(template: Template): readonly string[] {
  return template.flatMap((statement) => {
    if (statement.type === 'set') return statement.names;
    if (statement.type !== 'if') return [];
    return assigned([...statement.body, ...statement.otherwise]);
  });
}

interface Reader {
  readonly local: ReadonlySet<string>;
  readonly found: Found;
  readonly always: boolean;
}

function visit(expression: Expression, reader: Reader, guarded: boolean): void {
  const { local, found, always } = reader;
  const path = pathOf(expression);
  if (path !== null) {
    if (!local.has(path[0] ?? '')) found.names.push({ path, at: expression.at, guarded, always });
    visitKeys(expression, reader);
    return;
  }
  if (expression.type === 'capture') return walk(expression.body, local, found, always);
  const inner = isChoice(expression) ? { ...reader, always: false } : reader;
  for (const [child, guards] of childrenOf(expression)) visit(child, inner, guarded || guards);
}

/** Which of its parts are read depends on the others. */
function isChoice(expression: Expression): boolean {
  const joins = expression.type === 'binary' && ['And', 'Or'].includes(expression.op);
  return joins || expression.type === 'choice' || expression.type === 'compare';
}

/** `items[i]` is a path that ends at `items`, and reads `i` as well. */
function visitKeys(expression: Expression, reader: Reader): void {
  if (expression.type !== 'member') return;
  if (expression.key.type !== 'literal') visit(expression.key, reader, false);
  visitKeys(expression.target, reader);
}

/** The path as far as it is written out; null if the expression is not a path. */
function pathOf(expression: Expression): readonly string[] | null {
  if (expression.type === 'name') return [expression.name];
  if (expression.type !== 'member') return null;
  const target = pathOf(expression.target);
  if (target === null) return null;
  const fixed = expression.key.type === 'literal' && target.at(-1) !== '*';
  return fixed && expression.key.type === 'literal'
    ? [...target, String(expression.key.value)]
    : target.at(-1) === '*'
      ? target
      : [...target, '*'];
}

function childrenOf(expression: Expression): readonly (readonly [Expression, boolean])[] {
  switch (expression.type) {
    case 'literal':
    case 'name':
    case 'capture':
      return [];
    case 'member':
      return plain(expression.target, expression.key);
    case 'list':
      return plain(...expression.items);
    case 'map':
      return plain(...expression.entries.map(([, value]) => value));
    case 'binary':
      return plain(expression.left, expression.right);
    case 'unary':
      return plain(expression.target);
    case 'compare':
      return plain(expression.first, ...expression.rest.map((operand) => operand.value));
    case 'choice':
      return plain(
        expression.condition,
        expression.value,
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      );
    case 'test': {
      const guards = expression.name === 'defined' || expression.name === 'undefined';
      return [[expression.target, guards]];
    }
    case 'filter': {
      const guards = expression.name === 'default';
      return [[expression.input, guards], ...plain(...expression.args)];
    }
  }
}

function plain(...expressions: readonly Expression[]): readonly (readonly [Expression, boolean])[] {
  return expressions.map((expression) => [expression, false] as const);
}
