import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

interface Schema {
  type?: string | string[];
  properties?: Record<string, unknown>;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Operation {
  id: string;
  parameters: { name: string; in: 'path' | 'query'; required?: boolean; schema: Schema }[];
  body?: { required: boolean; schema: Schema };
}

interface Known {
  method: string;
  pattern: RegExp;
  names: string[];
  operation: Operation;
}

/** Path parameters that may contain slashes. */
const LONG = new Set(['path', 'ref', 'basehead', 'branch']);

const FILE = new URL('openapi-slim.json', import.meta.url);

/** Tells what GitHub's OpenAPI description, and the rules it leaves to its prose, have against a request. */
export function createOpenapiCheck() {
  const operations = readOperations();
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  formats.default(ajv);
  const compiled = new WeakMap<Schema, ValidateFunction>();

  const problemsOf = (schema: Schema, value: unknown, where: string): string[] => {
    const validate = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      (error) => `${where}${error.instancePath} ${error.message ?? 'is invalid'}`,
    );
  };

  return (method: string, url: URL, body: unknown): string[] => {
    const found = find(operations, method, url.pathname);
    if (found === null) return ['no operation we expect to use'];
    const { operation, values } = found;
    return [
      ...parameterProblems(operation, values, url.searchParams, problemsOf),
      ...bodyProblems(operation, body, problemsOf),
      ...ownRules(operation.id, body),
    ];
  };
}

function readOperations(): Known[] {
  const slim = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Operation>;
  const known = Object.entries(slim).map(([key, operation]) => {
    const [method = '', path = ''] = key.split(' ');
    const names: string[] = [];
    const source = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name);
      return LONG.has(name) ? '(.+)' : '([^/]+)';
    });
    return { method, pattern: new RegExp(`^${source}$`), names, operation };
  });
  return known.toSorted((a, b) => a.names.length - b.names.length);
}

function find(operations: Known[], method: string, path: string) {
  const fitting = operations.filter((each) => each.method === method && each.pattern.test(path));
  const narrow = fitting.find((each) => !each.names.some((name) => LONG.has(name)));
  const known = narrow ?? fitting.toSorted((a, b) => longest(b) - longest(a))[0];
  if (known === undefined) return null;
  const match = known.pattern.exec(path);
  const values = new Map(
    known.names.map((name, at) => [name, decodeURIComponent(match?.[at + 1] ?? '')]),
  );
  return { operation: known.operation, values };
}

const longest = (known: Known): number => known.pattern.source.length;

type Check = (schema: Schema, value: unknown, where: string) => string[];

function parameterProblems(
  operation: Operation,
  values: Map<string, string>,
  query: URLSearchParams,
  check: Check,
): string[] {
  const inQuery = operation.parameters.filter((each) => each.in === 'query');
  const names = new Set(inQuery.map((each) => each.name));
  const unknown = [...query.keys()].filter((name) => !names.has(name));
  const declared = operation.parameters.flatMap(({ name, in: where, required, schema }) => {
    const raw = where === 'path' ? values.get(name) : query.get(name);
    if (raw === undefined || raw === null)
      return required === true ? [`${where} ${name} is missing`] : [];
    return check(schema, typed(raw, schema), `${where} ${name}`);
  });
  return [...unknown.map((name) => `query ${name} is unknown`), ...declared];
}

function typed(raw: string, schema: Schema): unknown {
  const types = [schema.type ?? schema.oneOf?.map((each) => each.type) ?? []].flat(2);
  if (types.includes('boolean') && /^(true|false)$/.test(raw)) return raw === 'true';
  if (types.includes('integer') || types.includes('number')) {
    const number = Number(raw);
    return Number.isNaN(number) ? raw : number;
  }
  return types.includes('array') ? raw.split(',') : raw;
}

function bodyProblems({ body: expected }: Operation, body: unknown, check: Check): string[] {
  const empty = body === undefined || (isObject(body) && Object.keys(body).length === 0);
  if (expected === undefined) return empty ? [] : ['takes no body'];
  if (body === undefined) return expected.required ? ['body is missing'] : [];
  const known = propertiesOf(expected.schema);
  const unknown =
    known.size > 0 && isObject(body) ? Object.keys(body).filter((key) => !known.has(key)) : [];
  return [
    ...unknown.map((key) => `body has an unknown property "${key}"`),
    ...check(expected.schema, body, 'body'),
  ];
}

function propertiesOf(schema: Schema): Set<string> {
  const variants = [
    schema,
    ...(schema.oneOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.allOf ?? []),
  ];
  return new Set(variants.flatMap((each) => Object.keys(each.properties ?? {})));
}

/** What GitHub refuses although its description allows it. */
function ownRules(id: string, body: unknown): string[] {
  if (!isObject(body)) return [];
  const problems: string[] = [];
  if (id.startsWith('checks/')) {
    if (body['status'] === 'completed' && body['conclusion'] == null) {
      problems.push('body status "completed" needs a conclusion');
    }
    if (body['conclusion'] === 'stale')
      problems.push('body conclusion "stale" is for GitHub alone');
    if (['waiting', 'requested', 'pending'].includes(String(body['status']))) {
      problems.push(`body status "${String(body['status'])}" is for GitHub Actions alone`);
    }
  }
  if (id === 'pulls/update' && 'draft' in body) problems.push('body draft changes by GraphQL only');
  return problems;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
