import type { TextPosition } from '../../language/template/template-ast.ts';
import { TemplateError } from '../../language/template/template-error.ts';
import type { Json } from '../../plan/json.ts';
import type { Meter } from './meter.ts';

/** A value while a template runs. It remembers whose words it is made of. */
export interface Value {
  /** Undefined if the name is not set. */
  readonly data: Json | undefined;
  /** What it prints as, if not its data: the answer of a step. */
  readonly text: string | null;
  /** Name of the untrusted source it came from; null if it is the workflow author's or ours. */
  readonly origin: string | null;
  /** How the template spells it, for messages. */
  readonly label: string;
}

export function valueOf(
  data: Json | undefined,
  origin: string | null,
  label = 'this value',
): Value {
  return { data, text: null, origin, label };
}

export function isTrue(value: Value): boolean {
  if (value.text !== null) return value.text !== '';
  const { data } = value;
  if (Array.isArray(data)) return data.length > 0;
  if (typeof data === 'object' && data !== null) return Object.keys(data).length > 0;
  return Boolean(data);
}

export function isDefined(value: Value): boolean {
  return value.data !== undefined || value.text !== null;
}

/** The value, or the failure that names what is missing. */
export function requireDefined(value: Value, at: TextPosition): Value {
  if (isDefined(value)) return value;
  throw new TemplateError(
    'template-undefined',
    `\`${value.label}\` is not set; write \`${value.label} | default("")\` if it may be missing`,
    at,
  );
}

/** What is printed: text as it is, lists and maps as JSON, nothing for null. */
export function textOf(value: Value, meter: Meter, at: TextPosition): string {
  if (value.text !== null) return value.text;
  const { data } = requireDefined(value, at);
  if (typeof data === 'string') return data;
  if (data === null || data === undefined) return '';
  if (typeof data === 'number') return numberText(data, at);
  return typeof data === 'boolean' ? String(data) : jsonText(data, meter, at);
}

function numberText(data: number, at: TextPosition): string {
  if (Number.isFinite(data)) return String(data);
  throw new TemplateError('template-value', 'the result is not a number', at);
}

const MAX_JSON_DEPTH = 60;

/** JSON indented by two spaces, paid for while it grows: lists can share their members. */
export function jsonText(data: Json, meter: Meter, at: TextPosition): string {
  const parts: string[] = [];
  const write = (part: string): void => {
    meter.spendText(part.length, at);
    parts.push(part);
  };
  const visit = (node: Json, depth: number): void => {
    if (depth > MAX_JSON_DEPTH) {
      throw new TemplateError('template-limit', 'the value is nested too deeply', at);
    }
    if (node === null || typeof node !== 'object') return write(JSON.stringify(node));
    const entries: readonly (readonly [string, Json])[] = Array.isArray(node)
      ? node.map((item: Json) => ['', item] as const)
      : Object.entries(node).map(([key, item]) => [`${JSON.stringify(key)}: `, item] as const);
    const [open, close] = Array.isArray(node) ? ['[', ']'] : ['{', '}'];
    if (entries.length === 0) return write(open + close);
    const margin = '  '.repeat(depth + 1);
    for (const [index, [prefix, item]] of entries.entries()) {
      write(`${index === 0 ? open : ','}\n${margin}${prefix}`);
      visit(item, depth + 1);
    }
    write(`\n${'  '.repeat(depth)}${close}`);
  };
  visit(data, 0);
  return parts.join('');
}
