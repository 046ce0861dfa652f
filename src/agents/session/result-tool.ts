import type { AgentTool } from '../agent.ts';
import { findFencedJson } from '../gateway/fenced-json.ts';
import type { CompiledSchema, JsonSchema } from '../json-schema.ts';

export const RESULT_TOOL = 'submit_result';

/** Receives the step's structured result and checks it. The last one that matches wins. */
export class ResultTool implements AgentTool {
  readonly name = RESULT_TOOL;
  readonly description =
    'Hands in the result of this step. Call it exactly once, when the work is done. If it answers with problems, correct them and call it again.';
  readonly inputSchema: JsonSchema;
  readonly #compiled: CompiledSchema;
  readonly #isWrapped: boolean;
  #accepted: { value: unknown } | undefined;
  #problems: readonly string[] | undefined;

  constructor(compiled: CompiledSchema) {
    this.#compiled = compiled;
    // Tools take objects, so a result of another type is wrapped in one.
    this.#isWrapped = !isObjectSchema(compiled.schema);
    this.inputSchema = this.#isWrapped
      ? { type: 'object', properties: { result: compiled.schema }, required: ['result'] }
      : compiled.schema;
  }

  call(args: unknown): Promise<string> {
    const value = this.#isWrapped ? propertyOf(args, 'result') : args;
    const validation = this.#compiled.validate(value);
    if (!validation.valid) {
      this.#problems = validation.problems;
      const list = validation.problems.map((problem) => `- ${problem}`).join('\n');
      return Promise.reject(new Error(`The result was not accepted:\n${list}`));
    }
    this.#accepted = { value };
    return Promise.resolve('The result was accepted.');
  }

  /** The accepted result. An agent that wrote it into its answer instead of submitting it is understood too. */
  resultOf(text: string): { value: unknown } | undefined {
    if (this.#accepted !== undefined) return this.#accepted;
    const found = findFencedJson(text);
    if (found === undefined) return undefined;
    const validation = this.#compiled.validate(found.value);
    if (validation.valid) return found;
    this.#problems ??= validation.problems;
    return undefined;
  }

  /** What was wrong with the latest refused result; undefined if none was refused. */
  get problems(): readonly string[] | undefined {
    return this.#problems;
  }
}

function isObjectSchema(schema: JsonSchema): boolean {
  return schema['type'] === 'object' || (schema['type'] === undefined && 'properties' in schema);
}

function propertyOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
