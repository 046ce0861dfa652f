import { isObject, type Json } from './json.ts';

/** Follows a dotted path through own properties and list indexes; undefined if it ends early. */
export function readPath(value: Json | undefined, path: string): Json | undefined {
  if (path === '') return value;
  let current = value;
  for (const part of path.split('.')) current = readPart(current, part);
  return current;
}

/** First part of a dotted path, and the rest. */
export function splitPath(path: string): { head: string; rest: string } {
  const dot = path.indexOf('.');
  return dot < 0
    ? { head: path, rest: '' }
    : { head: path.slice(0, dot), rest: path.slice(dot + 1) };
}

function readPart(value: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(value)) return readListPart(value, part);
  return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

function readListPart(list: readonly Json[], part: string): Json | undefined {
  if (part === 'length') return list.length;
  return /^\d{1,9}$/.test(part) ? list[Number(part)] : undefined;
}
