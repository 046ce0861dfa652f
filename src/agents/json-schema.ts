import { createContext, Script } from 'node:vm';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A JSON Schema, draft 2020-12 unless its `$schema` names draft-07. */
export type JsonSchema = Readonly<Record<string, unknown>>;

type Validation = { valid: true } | { valid: false; problems: readonly string[] };

export interface CompiledSchema {
  readonly schema: JsonSchema;
  validate(value: unknown): Validation;
}

const MAX_PROBLEMS = 20;
const VALIDATION_TIMEOUT_MS = 1_000;
const OPTIONS = { strict: false, allErrors: true, validateFormats: true, logger: false } as const;

const MOST_REMEMBERED = 100;
/** By the schema's text: every step brings the same few, and compiling one takes a millisecond or more. */
const remembered = new Map<string, CompiledSchema>();

/** Compiles a schema that may come from a repository. A string answer says why it is none. */
export function compileJsonSchema(schema: JsonSchema): CompiledSchema | string {
  const text = JSON.stringify(schema);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const compiled = compile(schema);
  if (typeof compiled === 'string') return compiled;
  const [oldest] = remembered.keys();
  if (oldest !== undefined && remembered.size >= MOST_REMEMBERED) remembered.delete(oldest);
  remembered.set(text, compiled);
  return compiled;
}

function compile(schema: JsonSchema): CompiledSchema | string {
  const { $schema: dialect, ...rest } = schema;
  const isDraft7 = typeof dialect === 'string' && dialect.includes('draft-07');
  const compiler = compilerFor(isDraft7, rest);
  try {
    const check = compiler.compile(rest);
    return { schema, validate: (value) => validateInTime(check, value) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    compiler.removeSchema(rest);
  }
}

const draft7 = newCompiler(true);
const draft2020 = newCompiler(false);

/** A compiler takes ten milliseconds to make, so all share one, except where schemas' names could clash. */
function compilerFor(isDraft7: boolean, schema: JsonSchema): Ajv {
  const hasNames = /"\$(?:id|anchor|dynamicAnchor)"/.test(JSON.stringify(schema));
  if (hasNames) return newCompiler(isDraft7);
  return isDraft7 ? draft7 : draft2020;
}

function newCompiler(isDraft7: boolean): Ajv {
  const compiler = isDraft7 ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
  addFormats.default(compiler);
  return compiler;
}

const clock = createContext({ check: () => false });
const runCheck = new Script('check()');

/** A schema's pattern can take exponential time, so the check runs under the only timer that can stop it. */
function validateInTime(check: ValidateFunction, value: unknown): Validation {
  clock['check'] = () => check(value);
  try {
    if (runCheck.runInContext(clock, { timeout: VALIDATION_TIMEOUT_MS }) === true) {
      return { valid: true };
    }
    return { valid: false, problems: (check.errors ?? []).slice(0, MAX_PROBLEMS).map(describe) };
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return { valid: false, problems: ['checking against the schema took too long'] };
  }
}

function describe(error: ErrorObject): string {
  const where = error.instancePath === '' ? 'the value' : error.instancePath.slice(1);
  const allowed =
    error.keyword === 'enum' ? `: ${JSON.stringify(error.params['allowedValues'])}` : '';
  const extra =
    error.keyword === 'additionalProperties'
      ? `: ${String(error.params['additionalProperty'])}`
      : '';
  return `${where} ${error.message ?? 'is not valid'}${allowed}${extra}`;
}

/** The error may come from the other side of the context, where it is not an `Error` of ours. */
function isTimeout(error: unknown): boolean {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
