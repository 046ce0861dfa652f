import { z } from 'zod';
import { StepId } from '../../native/schema/common.ts';

const Text = z.string().min(1);

const AutoRun = z.strictObject({
  callable: Text,
  kwargs: z.record(Text, z.json()).default({}),
  input_map: z.record(Text, Text).default({}),
  /** In seconds. */
  timeout: z.number().positive().max(3600).default(30),
  retry_on_timeout: z.boolean().default(true),
});

const Visibility = z.strictObject({
  mode: z.enum(['full', 'summary', 'none', 'auto']).default('auto'),
  include_keys: z.array(Text).default([]),
  exclude_keys: z.array(Text).default([]),
});

const SCALARS = {
  str: 'string',
  string: 'string',
  int: 'integer',
  integer: 'integer',
  float: 'number',
  number: 'number',
  bool: 'boolean',
  boolean: 'boolean',
} as const;
const TYPES = {
  ...SCALARS,
  list: 'array',
  array: 'array',
  dict: 'object',
  object: 'object',
} as const;

const SCALAR_NAMES = [
  'str',
  'string',
  'int',
  'integer',
  'float',
  'number',
  'bool',
  'boolean',
] as const;
const ParamType = z.enum(SCALAR_NAMES).transform((name) => SCALARS[name]);
const JsonType = z
  .enum([...SCALAR_NAMES, 'list', 'array', 'dict', 'object'])
  .transform((name) => TYPES[name]);

const UnitStep = z.strictObject({
  id: StepId,
  name: Text.max(100).optional(),
  instruction: Text.optional(),
  step_type: z.enum(['code', 'reasoning']).default('reasoning'),
  depends_on: z.array(StepId).default([]),
  execution: z.enum(['main', 'subagent']).optional(),
  workflow_ref: Text.optional(),
  optional: z.boolean().default(false),
  requires: z.array(Text).default([]),
  invokes: z.array(Text).default([]),
  auto_run: AutoRun.optional(),
  result_schema: z
    .strictObject({
      required_keys: z.array(Text).default([]),
      key_types: z.record(Text, JsonType).default({}),
      min_items: z.record(Text, z.int().min(0)).default({}),
    })
    .optional(),
  requires_individual_consent: z.boolean().default(false),
  visibility: Visibility.optional(),
});
export type UnitStep = z.infer<typeof UnitStep>;

/** One unit as work-buddy stores it, in JSON, YAML or the front matter of a Markdown file. */
export const Unit = z.strictObject({
  workflow_name: Text.max(80).optional(),
  description: z.string().max(500).default(''),
  execution: z.enum(['main', 'subagent']).default('main'),
  allow_override: z.boolean().default(true),
  steps: z.array(UnitStep).min(1).max(500),
  step_instructions: z.record(Text, Text).default({}),
  params_schema: z
    .record(
      z.string().regex(/^[A-Za-z_][\w-]{0,63}$/, 'a name of letters, digits, - and _'),
      z.strictObject({
        type: ParamType.default('string'),
        description: z.string().default(''),
        required: z.boolean().default(false),
      }),
    )
    .default({}),
  content: z.union([Text, z.strictObject({ full: Text.optional() })]).optional(),
  command: Text.optional(),
  available_when: z.json().optional(),
  /** Computed from the steps, which have it themselves. */
  requires: z.array(Text).optional(),
});
export type Unit = z.infer<typeof Unit>;

/** Keys of other dialects, and what the same thing is called in a unit. */
export const UNIT_FOREIGN_KEYS: Readonly<Record<string, string>> = {
  name: 'workflow_name',
  prompt: 'instruction',
  instructions: 'step_instructions',
  type: 'step_type',
  needs: 'depends_on',
  call: 'workflow_ref',
  workflow: 'workflow_ref',
  result: 'result_schema',
  params: 'params_schema',
  context: 'content',
};
