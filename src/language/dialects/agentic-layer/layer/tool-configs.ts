import { z } from 'zod';
import type { JsonObject } from '../../../../plan/json.ts';
import { nearest } from '../../../problems/nearest.ts';
import type { LayerContext } from './layer-context.ts';
import type { ConfigName } from './layer-schema.ts';

/** A pattern is told to agents, so it must not look like a template. */
const Pattern = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?!.*(?:\{[{%#]|\$\{))/, 'a pattern without {{, {% and ${');
const Patterns = z.array(Pattern).max(200);

const Operation = z.strictObject({
  enabled: z.boolean().default(true),
  description: z.string().max(500).optional(),
  allowed_paths: Patterns.default([]),
  denied_paths: Patterns.default([]),
  max_results: z.int().positive().optional(),
  timeout_ms: z.int().positive().optional(),
  sandbox: z.boolean().optional(),
  allowed_commands: Patterns.default([]),
  denied_commands: Patterns.default([]),
  commands: z.union([Patterns, z.record(z.string(), Pattern)]).optional(),
  operations: z.union([Patterns, z.record(z.string(), z.boolean())]).optional(),
  protected_branches: Patterns.default([]),
});
type Operation = z.infer<typeof Operation>;

const Limits = Operation.optional();

/** The four tool files: which operations there are, and their limits. */
const CONFIGS = {
  file_system: z.strictObject({ read: Limits, write: Limits, search: Limits }),
  code_execution: z.strictObject({
    shell: Limits,
    test_runners: Limits,
    linters: Limits,
    build: Limits,
  }),
  external_apis: z.strictObject({
    version_control: Limits,
    ci_cd: Limits,
    issue_tracker: Limits,
    browser: Limits,
  }),
  context_providers: z.strictObject({
    codebase_index: Limits,
    documentation: Limits,
    dependency_analyzer: Limits,
  }),
} as const;

/** Limits every phase keeps to if it may do the operation at all. */
export interface OperationLimits {
  readonly disabled: readonly string[];
  readonly read: JsonObject;
  readonly write: JsonObject;
  readonly commands: JsonObject;
  readonly protectedBranches: readonly string[];
}

const FILES: Readonly<Record<ConfigName, string>> = {
  file_system: 'tools/file-system.yaml',
  code_execution: 'tools/code-execution.yaml',
  external_apis: 'tools/external-apis.yaml',
  context_providers: 'tools/context-providers.yaml',
};

export function readToolConfigs(
  given: Readonly<Partial<Record<ConfigName, string | undefined>>>,
  canonical: (operation: string) => string,
  context: LayerContext,
): OperationLimits {
  const read = (name: ConfigName): Readonly<Record<string, Operation | undefined>> =>
    readConfig(name, given[name], context);
  const all = {
    file_system: read('file_system'),
    code_execution: read('code_execution'),
    external_apis: read('external_apis'),
    context_providers: read('context_providers'),
  };
  const disabled = Object.entries(all).flatMap(([category, config]) =>
    Object.entries(config)
      .filter(([, operation]) => operation?.enabled === false)
      .map(([name]) => `${category}.${canonical(name)}`),
  );
  const { shell } = all.code_execution;
  return {
    disabled,
    read: pathsOf(all.file_system['read']),
    write: pathsOf(all.file_system['write']),
    commands: {
      allow: shell?.allowed_commands ?? [],
      deny: shell?.denied_commands ?? [],
      timeout_ms: shell?.timeout_ms ?? 120_000,
    },
    protectedBranches: all.external_apis['version_control']?.protected_branches ?? [],
  };
}

function readConfig(
  name: ConfigName,
  given: string | undefined,
  context: LayerContext,
): Readonly<Record<string, Operation | undefined>> {
  const file = context.find(given ?? FILES[name]);
  if (file === null) {
    if (given !== undefined) {
      const message = `there is no file \`${context.root}${given}\` in the workflow folder.`;
      const suggestion = nearest(given, context.names('tools/'));
      context.problem(['tools', 'configs', name], 'missing-file', message, suggestion);
    }
    return {};
  }
  const schema: z.ZodType<Record<string, Operation | undefined>> = CONFIGS[name];
  return context.readData(file, schema, 'tool file')?.value ?? {};
}

function pathsOf(operation: Operation | undefined): JsonObject {
  return { allow: operation?.allowed_paths ?? [], deny: operation?.denied_paths ?? [] };
}
