import { parseTemplate } from '../../language/template/parse-template.ts';
import type { Statement, Template, TextPosition } from '../../language/template/template-ast.ts';
import { TemplateError } from '../../language/template/template-error.ts';
import type { Json } from '../../plan/json.ts';
import { evaluate, type Machine } from './evaluate.ts';
import { Meter } from './meter.ts';
import { TemplateScope } from './scope.ts';
import { isTrue, requireDefined, textOf, type Value, valueOf } from './template-value.ts';

export interface TemplateVariable {
  readonly value: Json;
  /** What it prints as, if that differs from its data: the text of a step's answer. */
  readonly text?: string;
  /** Words of people, agents or the repository, as opposed to ours and the workflow author's. */
  readonly untrusted: boolean;
}

export interface TemplateInput {
  readonly variables: Readonly<Record<string, TemplateVariable>>;
  /** Files of the workflow folder that `include` can name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Writes a printed value; by default as it is. `before` gives what was written so far. */
  readonly print?: (printed: PrintedValue) => string;
}

export interface PrintedValue {
  readonly text: string;
  /** Name of the untrusted source it is made of; null if none. */
  readonly origin: string | null;
  readonly before: () => string;
  readonly at: TextPosition;
}

export type Rendered =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly error: TemplateError };

const MAX_INCLUDE_DEPTH = 10;

/**
 * Renders an untrusted template. Values are data: nothing inside them is evaluated. A missing
 * variable is an error that names it.
 */
export function renderTemplate(source: string, input: TemplateInput): Rendered {
  try {
    const scope = new TemplateScope(null);
    for (const [name, variable] of Object.entries(input.variables)) {
      scope.declare(name, {
        data: variable.value,
        text: variable.text ?? null,
        origin: variable.untrusted ? name : null,
        label: name,
      });
    }
    const renderer = new Renderer(input);
    renderer.run(parseTemplate(source), scope);
    return { ok: true, text: renderer.text };
  } catch (error) {
    if (error instanceof TemplateError) return { ok: false, error };
    throw error;
  }
}

class Renderer {
  #text = '';
  #includes: readonly string[] = [];
  /** Sources printed into the block being captured; null if nothing is being captured. */
  #captured: Set<string> | null = null;
  readonly #input: TemplateInput;
  readonly #meter = new Meter();
  readonly #machine: Machine;

  constructor(input: TemplateInput) {
    this.#input = input;
    this.#machine = {
      meter: this.#meter,
      capture: (body, scope) => this.#capture(body, scope),
    };
  }

  get text(): string {
    return this.#text;
  }

  run(template: Template, scope: TemplateScope): void {
    for (const statement of template) this.#step(statement, scope);
  }

  #step(statement: Statement, scope: TemplateScope): void {
    switch (statement.type) {
      case 'text':
        return this.#write(statement.text, { line: 1, column: 1 });
      case 'print':
        return this.#print(evaluate(statement.value, scope, this.#machine), statement.at);
      case 'if': {
        const holds = isTrue(evaluate(statement.condition, scope, this.#machine));
        return this.run(holds ? statement.body : statement.otherwise, scope);
      }
      case 'for':
        return this.#loop(statement, scope);
      case 'set': {
        const value = requireDefined(evaluate(statement.value, scope, this.#machine), statement.at);
        for (const name of statement.names) scope.assign(name, value);
        return;
      }
      case 'include':
        return this.#include(statement, scope);
    }
  }

  #write(text: string, at: TextPosition): void {
    this.#meter.limitText(this.#text.length + text.length, at);
    this.#meter.spendText(text.length, at);
    this.#text += text;
  }

  #print(value: Value, at: TextPosition): void {
    const text = textOf(value, this.#meter, at);
    const origin = isPlain(value) ? null : value.origin;
    const { print } = this.#input;
    if (this.#captured !== null) {
      if (origin !== null) this.#captured.add(origin);
      this.#write(text, at);
    } else if (print === undefined) {
      this.#write(text, at);
    } else {
      this.#write(print({ text, origin, before: () => this.#before(at), at }), at);
    }
  }

  /** Looking back is work too: it is paid for by length. */
  #before(at: TextPosition): string {
    this.#meter.spendText(this.#text.length, at);
    return this.#text;
  }

  #loop(statement: Extract<Statement, { type: 'for' }>, scope: TemplateScope): void {
    const list = requireDefined(evaluate(statement.list, scope, this.#machine), statement.at);
    const rows = rowsOf(list, statement.names.length, statement.at);
    if (rows.length === 0) return this.run(statement.otherwise, scope);
    for (const [index, row] of rows.entries()) {
      this.#meter.spend(1, statement.at);
      const inner = new TemplateScope(scope);
      for (const [place, name] of statement.names.entries()) {
        inner.declare(name, valueOf(row[place] ?? null, list.origin));
      }
      inner.declare('loop', valueOf(loopFacts(index, rows.length), null));
      this.run(statement.body, inner);
    }
  }

  #include(statement: Extract<Statement, { type: 'include' }>, scope: TemplateScope): void {
    const { file, at } = statement;
    const files = this.#input.files ?? {};
    const source = Object.hasOwn(files, file) ? files[file] : undefined;
    if (source === undefined) {
      if (statement.optional) return;
      throw new TemplateError(
        'template-include',
        `\`${file}\` is not a file of the workflow folder`,
        at,
      );
    }
    if (this.#includes.includes(file) || this.#includes.length >= MAX_INCLUDE_DEPTH) {
      const chain = [...this.#includes, file].join(' → ');
      throw new TemplateError('template-include', `files include each other: ${chain}`, at);
    }
    const outer = this.#includes;
    this.#includes = [...outer, file];
    this.#runFile(file, source, scope);
    this.#includes = outer;
  }

  #runFile(file: string, source: string, scope: TemplateScope): void {
    try {
      this.#meter.spendText(source.length, { line: 1, column: 1 });
      this.run(parseTemplate(source), new TemplateScope(scope));
    } catch (error) {
      if (!(error instanceof TemplateError) || error.file !== null) throw error;
      throw new TemplateError(error.code, error.message, error, {
        file,
        cause: error,
      });
    }
  }

  #capture(body: Template, scope: TemplateScope): Value {
    const outer = { text: this.#text, captured: this.#captured };
    this.#text = '';
    this.#captured = new Set();
    this.run(body, new TemplateScope(scope));
    const value = valueOf(this.#text, [...this.#captured][0] ?? null);
    this.#text = outer.text;
    this.#captured = outer.captured;
    if (value.origin !== null) this.#captured?.add(value.origin);
    return value;
  }
}

/** Numbers and booleans cannot carry anybody's words. */
function isPlain({ text, data }: Value): boolean {
  return text === null && (typeof data === 'number' || typeof data === 'boolean');
}

function rowsOf(list: Value, width: number, at: TextPosition): readonly (readonly Json[])[] {
  const { data } = list;
  if (Array.isArray(data)) {
    return width === 1
      ? data.map((item: Json) => [item])
      : data.map((item: Json) => unpack(item, width, at));
  }
  if (typeof data === 'object' && data !== null) {
    return Object.entries(data).map(([key, item]) => (width === 1 ? [key] : [key, item]));
  }
  throw new TemplateError(
    'template-value',
    `for needs a list or a map, and \`${list.label}\` is neither`,
    at,
  );
}

function unpack(item: Json, width: number, at: TextPosition): readonly Json[] {
  if (Array.isArray(item) && item.length === width) return item;
  throw new TemplateError('template-value', `for expects lists of ${width} items here`, at);
}

function loopFacts(index: number, length: number): Json {
  return {
    index: index + 1,
    index0: index,
    revindex: length - index,
    revindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
  };
}
