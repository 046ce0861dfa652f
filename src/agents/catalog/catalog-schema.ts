import { z } from 'zod';

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name is a-z, 0-9 and dashes');
const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a name of an environment variable');
/** Text in which the engine fills in where the agent's home and its gateway are. */
const Template = z.string().refine((text) => !/\$\{(?!(?:home|gateway|placeholder)\})/.test(text), {
  error: 'only ${home}, ${gateway} and ${placeholder} are filled in',
});
const Env = z.record(EnvName, Template);
const RelativePath = z
  .string()
  .regex(
    /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[\w./-]+$/,
    'a path below the home folder, without ".."',
  );
const AbsolutePath = z.string().startsWith('/', 'an absolute path');
const Milliseconds = z.int().positive();

/** How a value reaches the agent. Exactly one key. */
const Setting = z.union(
  [
    z.strictObject({ config_option: z.string() }),
    z.strictObject({ set_model: z.literal(true) }),
    z.strictObject({ env: EnvName }),
    z.strictObject({ arg: z.string().startsWith('-') }),
  ],
  'one of config_option, set_model: true, env, arg',
);

const Permission = z.strictObject({
  mode: z.string().optional(),
  args: z.array(Template).default([]),
  env: Env.default({}),
  /** Passed to `_meta` of session/new unchanged. */
  meta: z.record(z.string(), z.json()).optional(),
  auto_approve: z.literal('all').optional(),
  /** Keeps the tools that the model's server runs on its own network: web search, fetching, remote MCP. */
  server_tools: z.boolean().default(false),
});

const Permissions = z
  .strictObject({
    readonly: Permission,
    execute: Permission.optional(),
    edit: Permission,
    full: Permission,
  })
  // An entry that does not say how to only run commands gets the lesser permission.
  .transform((given) => ({ ...given, execute: given.execute ?? given.readonly }));

const Price = z.strictObject({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cache_read: z.number().nonnegative().optional(),
  cache_write: z.number().nonnegative().optional(),
});

const Capabilities = z.strictObject({
  mcp: z.enum(['http', 'none']).default('http'),
  resume: z.enum(['resume', 'load', 'none']).default('none'),
  system_prompt: z.enum(['append', 'none']).default('none'),
  session_failure: z.boolean().default(false),
  text_errors: z.boolean().default(false),
  keep: z.boolean().default(false),
  /** A kept process can continue a closed session of its own; otherwise a new process does. */
  resume_while_kept: z.boolean().default(false),
  exit_grace_ms: Milliseconds.default(2_000),
  /** How often a step that ended without a valid result is asked for it again. */
  result_reminders: z.int().min(0).max(3).default(1),
});

const Limits = z.strictObject({
  timeout_ms: Milliseconds.optional(),
  idle_ms: Milliseconds.optional(),
  /** Failed calls in a row after which the gateway ends the step, so the agent cannot keep trying. */
  llm_attempts: z.int().min(1).max(20).default(4),
});

export const AgentEntry = z.strictObject({
  command: z.string().min(1),
  args: z.array(Template).default([]),
  env: Env.default({}),
  files: z.record(RelativePath, Template).default({}),
  /** What the sandbox shows the program besides the system folders, read-only. */
  paths: z.array(AbsolutePath).default([]),
  /** The same, writable. All runs share them, so one run's agent can leave something for another's. */
  writable_paths: z.array(AbsolutePath).default([]),
  llm: z
    .strictObject({
      upstream: z.url({ protocol: /^https?$/ }),
      key: z.strictObject({ env: EnvName }).optional(),
    })
    .optional(),
  model: Setting.optional(),
  effort: Setting.optional(),
  models: z.record(z.string(), z.string()).default({}),
  permission: Permissions,
  capabilities: Capabilities.prefault({}),
  limits: Limits.prefault({}),
  /** US dollars per million tokens, by model id. `default` applies to every other model. */
  prices: z.record(z.string(), Price).default({}),
});
export type AgentEntry = z.infer<typeof AgentEntry>;
export type Setting = z.infer<typeof Setting>;
export type Price = z.infer<typeof Price>;

export const Catalog = z
  .strictObject({
    agents: z.record(Name, AgentEntry),
    /** Which agents to try, in order, when a step failed for this reason. */
    fallback: z.partialRecord(z.enum(['rate-limit', 'server', 'quota']), z.array(Name)).default({}),
  })
  .superRefine((catalog, context) => {
    for (const [reason, names] of Object.entries(catalog.fallback)) {
      for (const [index, name] of names.entries()) {
        if (Object.hasOwn(catalog.agents, name)) continue;
        const path = ['fallback', reason, index];
        context.addIssue({ code: 'custom', path, message: `there is no agent named ${name}` });
      }
    }
  });
export type Catalog = z.infer<typeof Catalog>;
