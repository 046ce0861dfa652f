import type { Json, JsonObject } from '../../plan/json.ts';
import type { ParamSpec } from '../../plan/plan.ts';
import { nearest } from '../problems/nearest.ts';

export type StartParams =
  | { readonly ok: true; readonly params: JsonObject }
  | { readonly ok: false; readonly problems: readonly ParamProblem[] };

/** Why a start cannot have its parameters as given. */
export type ParamProblem =
  | { readonly type: 'missing'; readonly name: string }
  | { readonly type: 'unknown'; readonly name: string; readonly suggestion: string | null }
  | { readonly type: 'wrong-type'; readonly name: string; readonly wanted: ParamSpec['type'] }
  | { readonly type: 'no-choice'; readonly name: string; readonly choices: readonly Json[] }
  | { readonly type: 'fixed'; readonly name: string; readonly steps: readonly string[] };

/** The declared parameters with the given values, typed, and defaults for the rest; or every problem at once. */
export function startParams(
  specs: Readonly<Record<string, ParamSpec>>,
  given: JsonObject,
): StartParams {
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(specs, name))
    .map((name): ParamProblem => {
      return { type: 'unknown', name, suggestion: nearest(name, Object.keys(specs)) };
    });
  const read = Object.entries(specs).map(([name, spec]) => readParam(name, spec, given));
  const problems = [...unknown, ...read.flatMap(({ problem }) => problem ?? [])];
  if (problems.length > 0) return { ok: false, problems };
  const values = read.flatMap(({ name, value }): [string, Json][] =>
    value === null ? [] : [[name, value]],
  );
  return { ok: true, params: Object.fromEntries(values) };
}

interface ReadParam {
  readonly name: string;
  /** Null if neither given nor defaulted. */
  readonly value: Json;
  readonly problem: ParamProblem | null;
}

function readParam(name: string, spec: ParamSpec, given: JsonObject): ReadParam {
  if (!Object.hasOwn(given, name)) {
    const isMissing = spec.required && spec.default === null;
    return { name, value: spec.default, problem: isMissing ? { type: 'missing', name } : null };
  }
  const value = typed(given[name] ?? null, spec.type);
  if (value === null) {
    return { name, value, problem: { type: 'wrong-type', name, wanted: spec.type } };
  }
  const isChoice = spec.choices === null || spec.choices.includes(value);
  const problem: ParamProblem = { type: 'no-choice', name, choices: spec.choices ?? [] };
  return { name, value, problem: isChoice ? null : problem };
}

/** Commands carry text; other callers may pass the value itself. Null if it is not of that type. */
function typed(value: Json, type: ParamSpec['type']): Json {
  const text = typeof value === 'string' ? value.trim() : null;
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : null;
    case 'boolean':
      if (text === null) return typeof value === 'boolean' ? value : null;
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'number':
    case 'integer': {
      const number = text === null || text === '' ? value : Number(text);
      if (typeof number !== 'number' || !Number.isFinite(number)) return null;
      return type === 'number' || Number.isInteger(number) ? number : null;
    }
  }
}
