import { compileJsonSchema } from '../../agents/json-schema.ts';
import { isObject, type Json, type JsonObject } from '../../plan/json.ts';
import type { ResultContract } from '../../plan/plan.ts';
import { readPath } from '../../plan/read-path.ts';

export type PrintedResult =
  | { readonly ok: true; readonly data: JsonObject }
  | { readonly ok: false; readonly message: string };

/** A deterministic step's structured result, checked against what the workflow asks of it. */
export function checkedResult(contract: ResultContract, data: Json | undefined): PrintedResult {
  if (!isObject(data)) return { ok: false, message: 'There is no JSON object in what it gave.' };
  const compiled = compileJsonSchema(contract.schema);
  if (typeof compiled === 'string') {
    return { ok: false, message: `The result's schema is broken: ${compiled}` };
  }
  const validation = compiled.validate(data);
  const problems = [
    ...(validation.valid ? [] : validation.problems),
    ...contract.routingFields
      .filter((path) => readPath(data, path) === undefined)
      .map((path) => `it lacks ${path}`),
  ];
  if (problems.length === 0) return { ok: true, data };
  return { ok: false, message: `The result does not fit its schema: ${problems.join('; ')}` };
}

/** The last JSON object among a program's output lines, or the whole output. */
export function printedObject(output: string): Json | undefined {
  const whole = parsed(output);
  if (whole !== undefined) return whole;
  const lines = output.trimEnd().split('\n');
  for (let start = lines.length - 1; start >= 0; start -= 1) {
    if (!lines[start]?.trimStart().startsWith('{')) continue;
    const value = parsed(lines.slice(start).join('\n'));
    if (value !== undefined) return value;
    const line = parsed(lines[start] ?? '');
    if (line !== undefined) return line;
  }
  return undefined;
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
