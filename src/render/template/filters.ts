import type { TextPosition } from '../../language/template/template-ast.ts';
import { TemplateError } from '../../language/template/template-error.ts';
import type { FilterName } from '../../language/template/vocabulary.ts';
import type { Json } from '../../plan/json.ts';
import type { Meter } from './meter.ts';
import {
  isDefined,
  isTrue,
  jsonText,
  requireDefined,
  textOf,
  type Value,
  valueOf,
} from './template-value.ts';

interface FilterCall {
  readonly meter: Meter;
  readonly at: TextPosition;
}
export type Filter = (input: Value, args: readonly Value[], call: FilterCall) => Value;

/** Every function a template can use: pure, and paid for by the size of what it touches. */
export const FILTERS: Readonly<Record<FilterName, Filter>> = {
  default: (input, [fallback, whenFalse]) => {
    const keep = whenFalse !== undefined && isTrue(whenFalse) ? isTrue(input) : isDefined(input);
    return keep ? input : (fallback ?? valueOf('', null));
  },
  upper: onText((text) => text.toUpperCase()),
  lower: onText((text) => text.toLowerCase()),
  capitalize: onText((text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()),
  title: onText((text) =>
    text.replaceAll(/\S+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()),
  ),
  trim: onText((text) => text.trim()),
  string: onText((text) => text),
  replace: onText((text, args, call) => {
    const from = argumentText(args, 0, 'replace', call);
    const to = argumentText(args, 1, 'replace', call);
    if (from === '') throw wrong('replace needs the text to replace', call);
    call.meter.spend((text.length * from.length) / 4096, call.at);
    const parts = text.split(from);
    call.meter.allowText(text.length + parts.length * to.length, call.at);
    return parts.join(to);
  }),
  indent: onText((text, args, call) => {
    const width = argumentNumber(args, 0, 4, 'indent', 40, call);
    const lines = text.split('\n');
    call.meter.allowText(text.length + lines.length * width, call.at);
    return lines.join(`\n${' '.repeat(width)}`);
  }),
  truncate: onText((text, args, call) => {
    const length = argumentNumber(args, 0, 255, 'truncate', 1_000_000, call);
    if (text.length <= length) return text;
    const end = args[2] === undefined ? '…' : textOf(args[2], call.meter, call.at);
    call.meter.allowText(length + end.length, call.at);
    return text.slice(0, length) + end;
  }),
  dump: (input, _args, call) => {
    const { data, text } = requireDefined(input, call.at);
    return valueOf(jsonText(data ?? text, call.meter, call.at), input.origin);
  },
  length: (input, _args, call) => valueOf(sizeOf(input, call), null),
  wordcount: (input, _args, call) => {
    const text = readText(input, call);
    return valueOf(text.split(/\s+/).filter(Boolean).length, null);
  },
  lines: (input, _args, call) => valueOf(readText(input, call).split('\n'), input.origin),
  join: (input, args, call) => {
    const separator = args[0] === undefined ? '' : textOf(args[0], call.meter, call.at);
    const items = listOf(input, call).map((item) =>
      textOf(valueOf(item, null), call.meter, call.at),
    );
    const length = items.reduce((sum, item) => sum + item.length + separator.length, 0);
    call.meter.allowText(length, call.at);
    return valueOf(items.join(separator), input.origin);
  },
  first: (input, _args, call) => itemOf(input, 0, call),
  last: (input, _args, call) => itemOf(input, -1, call),
  reverse: (input, _args, call) => valueOf(listOf(input, call).toReversed(), input.origin),
  sort: (input, _args, call) => {
    const items = listOf(input, call);
    const keys = items.map((item) => textOf(valueOf(item, null), call.meter, call.at));
    call.meter.spend(items.length * 4 + keys.join('').length / 4, call.at);
    const order = [...items.keys()].toSorted((a, b) =>
      compareItems([items[a] ?? null, keys[a] ?? ''], [items[b] ?? null, keys[b] ?? '']),
    );
    return valueOf(
      order.map((index) => items[index] ?? null),
      input.origin,
    );
  },
  unique: (input, _args, call) => {
    const seen = new Map<string, Json>();
    for (const item of listOf(input, call)) {
      const key = jsonText(item, call.meter, call.at);
      if (!seen.has(key)) seen.set(key, item);
    }
    return valueOf([...seen.values()], input.origin);
  },
  keys: (input, _args, call) => {
    const { data } = requireDefined(input, call.at);
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      throw wrong(`\`${input.label}\` is not a map`, call);
    }
    return valueOf(Object.keys(data), input.origin);
  },
  abs: onNumber((number) => Math.abs(number)),
  round: onNumber((number, args, call) => {
    const factor = 10 ** argumentNumber(args, 0, 0, 'round', 15, call);
    return Math.round(number * factor) / factor;
  }),
  int: onNumber((number) => Math.trunc(number)),
};

type TextFilter = (text: string, args: readonly Value[], call: FilterCall) => string;

function onText(filter: TextFilter): Filter {
  return (input, args, call) => {
    const origin = [input, ...args].find((value) => value.origin !== null)?.origin ?? null;
    return valueOf(filter(readText(input, call), args, call), origin);
  };
}

function readText(input: Value, call: FilterCall): string {
  const text = textOf(input, call.meter, call.at);
  call.meter.spendText(text.length, call.at);
  return text;
}

type NumberFilter = (number: number, args: readonly Value[], call: FilterCall) => number;

function onNumber(filter: NumberFilter): Filter {
  return (input, args, call) => {
    const { data, text } = requireDefined(input, call.at);
    const number = typeof data === 'number' ? data : Number(text ?? data);
    if (!Number.isFinite(number)) throw wrong(`\`${input.label}\` is not a number`, call);
    return valueOf(filter(number, args, call), null);
  };
}

function wrong(message: string, call: FilterCall): TemplateError {
  return new TemplateError('template-value', message, call.at);
}

function argumentText(
  args: readonly Value[],
  index: number,
  filter: string,
  call: FilterCall,
): string {
  const argument = args[index];
  if (argument === undefined) throw wrong(`${filter} needs ${index + 1} arguments`, call);
  return textOf(argument, call.meter, call.at);
}

function argumentNumber(
  args: readonly Value[],
  index: number,
  fallback: number,
  filter: string,
  max: number,
  call: FilterCall,
): number {
  const data = args[index]?.data ?? fallback;
  if (typeof data === 'number' && Number.isInteger(data) && data >= 0 && data <= max) return data;
  throw wrong(`${filter} takes a whole number from 0 to ${max}`, call);
}

function listOf(input: Value, call: FilterCall): readonly Json[] {
  const { data } = requireDefined(input, call.at);
  if (!Array.isArray(data)) throw wrong(`\`${input.label}\` is not a list`, call);
  call.meter.spend(data.length, call.at);
  return data;
}

function itemOf(input: Value, index: number, call: FilterCall): Value {
  return valueOf(
    listOf(input, call).at(index),
    input.origin,
    `${input.label} | ${index === 0 ? 'first' : 'last'}`,
  );
}

function sizeOf(input: Value, call: FilterCall): number {
  const { data, text } = requireDefined(input, call.at);
  if (Array.isArray(data)) return data.length;
  if (typeof data === 'object' && data !== null) return Object.keys(data).length;
  return (text ?? textOf(input, call.meter, call.at)).length;
}

/** Numbers by size, everything else by its text. */
function compareItems(a: readonly [Json, string], b: readonly [Json, string]): number {
  if (typeof a[0] === 'number' && typeof b[0] === 'number') return a[0] - b[0];
  return a[1] < b[1] ? -1 : Number(a[1] > b[1]);
}
