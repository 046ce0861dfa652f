import type { TextPosition } from '../../language/template/template-ast.ts';
import { TemplateError } from '../../language/template/template-error.ts';
import { isObject, type Json } from '../../plan/json.ts';
import { type Value, valueOf } from './template-value.ts';

const INTERNAL = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads a field: own data of lists and maps, never anything inherited, computed or callable. */
export function lookUp(target: Value, key: Value, at: TextPosition): Value {
  const name = key.data;
  if (typeof name !== 'string' && typeof name !== 'number') {
    throw new TemplateError('template-value', 'a field is named by text or a number', at);
  }
  const label = typeof name === 'number' ? `${target.label}[${name}]` : `${target.label}.${name}`;
  if (INTERNAL.has(String(name))) {
    throw new TemplateError('template-refused', `\`${label}\` cannot be read in a template`, at);
  }
  return valueOf(ownData(target.data, name), target.origin === null ? null : label, label);
}

function ownData(target: Json | undefined, key: string | number): Json | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  if (Array.isArray(target)) return typeof key === 'number' ? arrayItem(target, key) : undefined;
  const found = Object.getOwnPropertyDescriptor(target, key);
  // A getter would run code by whoever made the value; JSON has none.
  if (found === undefined || !('value' in found)) return undefined;
  return isObject(target) ? target[key] : undefined;
}

function arrayItem(list: readonly Json[], index: number): Json | undefined {
  return Number.isInteger(index) ? list.at(index) : undefined;
}
