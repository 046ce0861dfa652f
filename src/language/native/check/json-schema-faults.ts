import { isObject, type Json, type JsonObject } from '../../../plan/json.ts';
import { didYouMean, nearest } from '../../problems/nearest.ts';
import type { DataPath } from '../../problems/positions.ts';

/** Something that makes a JSON Schema invalid, and where in the schema. */
export interface SchemaFault {
  readonly at: DataPath;
  readonly message: string;
}

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

export function isTypeName(value: Json): boolean {
  return typeof value === 'string' && TYPES.includes(value);
}

/** Everything that would only be noticed when an answer is checked, after the agent has worked for it. */
export function schemaFaults(schema: JsonObject): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  walk(schema, [], { root: schema, faults });
  return faults;
}

interface Walk {
  readonly root: JsonObject;
  readonly faults: SchemaFault[];
}

type Look = (value: Json, at: DataPath, walk: Walk) => void;

/** What each keyword may hold. Others are remarks, which JSON Schema allows. */
const KEYWORDS: ReadonlyMap<string, Look> = new Map<string, Look>([
  ['type', lookAtType],
  ['$ref', lookAtReference],
  ['pattern', lookAtPattern],
  ['required', mustBe(isListOfNames, 'a list of different names')],
  ['enum', mustBe(isFilledList, 'a list with at least one value')],
  ...each(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'], inMap),
  ...each(['allOf', 'anyOf', 'oneOf', 'prefixItems'], inList),
  ...each(['additionalProperties', 'unevaluatedProperties', 'propertyNames'], walk),
  ...each(['contains', 'not', 'if', 'then', 'else', 'unevaluatedItems'], walk),
  ['items', lookAtItems],
  ...each(
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
    mustBe(isNumber, 'a number'),
  ),
  ['multipleOf', mustBe((value) => isNumber(value) && Number(value) > 0, 'a number above 0')],
  ...each(
    ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
    mustBe(isCount, 'a whole number of at least 0'),
  ),
  ['uniqueItems', mustBe((value) => typeof value === 'boolean', '`true` or `false`')],
]);

function each(names: readonly string[], look: Look): readonly (readonly [string, Look])[] {
  return names.map((name) => [name, look] as const);
}

function walk(value: Json, at: DataPath, all: Walk): void {
  if (typeof value === 'boolean') return;
  if (!isObject(value)) return add(all, at, `${nameOf(at)} must be a schema, which is a map.`);
  for (const [key, inner] of Object.entries(value)) KEYWORDS.get(key)?.(inner, [...at, key], all);
}

function inMap(value: Json, at: DataPath, all: Walk): void {
  if (!isObject(value)) return add(all, at, `${nameOf(at)} must be a map of schemas.`);
  for (const [key, inner] of Object.entries(value)) {
    if (at.at(-1) === 'patternProperties') lookAtPattern(key, [...at, key], all);
    walk(inner, [...at, key], all);
  }
}

function inList(value: Json, at: DataPath, all: Walk): void {
  if (!Array.isArray(value) || value.length === 0) {
    return add(all, at, `${nameOf(at)} must be a list of schemas.`);
  }
  for (const [index, inner] of value.entries()) walk(inner, [...at, index], all);
}

/** Up to draft-07 a list of schemas could be here; now that is `prefixItems`. */
function lookAtItems(value: Json, at: DataPath, all: Walk): void {
  const { $schema: dialect } = all.root;
  const isOld = typeof dialect === 'string' && dialect.includes('draft-07');
  (isOld && Array.isArray(value) ? inList : walk)(value, at, all);
}

function lookAtType(value: Json, at: DataPath, all: Walk): void {
  const names: readonly Json[] = Array.isArray(value) ? value : [value];
  const wrong = names.find((name) => !isTypeName(name));
  if (wrong === undefined && names.length > 0) return;
  const meant = typeof wrong === 'string' ? nearest(wrong, TYPES) : null;
  add(all, at, `\`type\` must be one of ${TYPES.join(', ')}.${didYouMean(meant)}`);
}

function lookAtPattern(value: Json, at: DataPath, all: Walk): void {
  if (typeof value === 'string' && isExpression(value)) return;
  add(all, at, `${nameOf(at)} is no regular expression.`);
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function lookAtReference(value: Json, at: DataPath, all: Walk): void {
  if (typeof value !== 'string') return add(all, at, '`$ref` must be text.');
  if (!value.startsWith('#') && !JSON.stringify(all.root).includes('"$id"')) {
    return add(all, at, '`$ref` can only name a part of this schema, such as `#/$defs/item`.');
  }
  if (value === '#' || !value.startsWith('#/') || leadsSomewhere(value, all.root)) return;
  add(all, at, `\`$ref: ${value}\` names nothing in this schema.`);
}

function leadsSomewhere(pointer: string, root: JsonObject): boolean {
  let value: Json | undefined = root;
  for (const part of pointer.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return true;
}

function mustBe(fits: (value: Json) => boolean, what: string): Look {
  return (value, at, all) => {
    if (!fits(value)) add(all, at, `${nameOf(at)} must be ${what}.`);
  };
}

function isListOfNames(value: Json): boolean {
  if (!Array.isArray(value)) return false;
  return value.every((name) => typeof name === 'string') && new Set(value).size === value.length;
}

function isFilledList(value: Json): boolean {
  return Array.isArray(value) && value.length > 0;
}

function isNumber(value: Json): boolean {
  return typeof value === 'number';
}

function isCount(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function nameOf(at: DataPath): string {
  return at.length === 0 ? '`schema`' : `\`${at.at(-1)}\``;
}

function add({ faults }: Walk, at: DataPath, message: string): void {
  faults.push({ at, message });
}
