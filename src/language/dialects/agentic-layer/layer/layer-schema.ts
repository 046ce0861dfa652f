import { z } from 'zod';

const Text = z.string().min(1).max(500);
const File = z.string().min(1).max(200);
export const PhaseName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,50}$/,
    'the name of a phase: letters, digits, - and _, starting with a letter',
  );
const Right = z.enum(['read', 'search', 'execute', 'write']);
export type Right = z.infer<typeof Right>;

const PhaseSpec = z.strictObject({
  template: File.optional(),
  tools: z.array(Right).optional(),
  gates: z.union([File, z.array(File)]).optional(),
  persona: Text.optional(),
  required: z.boolean().optional(),
});

const Criteria = z.record(Text, z.json());

/** What a gate file contains, and an inline gate as well. */
export const GateBody = z.strictObject({
  gate: Text.max(60).optional(),
  version: z.union([z.number(), z.string()]).optional(),
  description: z.string().max(500).optional(),
  trigger: Text.optional(),
  severity: z.enum(['blocker', 'warning']).default('blocker'),
  criteria: Criteria,
  known_flaky: z.array(Text).default([]),
  on_fail: z.enum(['retry', 'patch', 'escalate', 'log']).default('retry'),
  max_retries: z.int().min(0).max(20).optional(),
  retry_strategy: Text.optional(),
  stop_on_no_progress: z.boolean().default(true),
  notify: z.union([Text, z.array(Text)]).optional(),
  escalation: z
    .strictObject({
      after_retries_exhausted: z.union([z.boolean(), Text]).optional(),
      target: Text.optional(),
      message: z.string().max(1000).optional(),
      context: z.array(Text).optional(),
    })
    .optional(),
});
export type GateBody = z.infer<typeof GateBody>;

/** A file, or a map whose keys show what it is: `inline`, a gate, or just its criteria. */
const GateEntry = z.union([File, z.record(Text, z.json())]);
export type GateEntry = z.infer<typeof GateEntry>;

const LayerLoopSpec = z.strictObject({
  max: z.int().min(1).max(20).default(3),
  trigger: Text.optional(),
  action: Text.optional(),
  cooldown_ms: z.int().min(0).max(86_400_000).default(0),
  cost_ceiling: z.number().positive().optional(),
  ignore: z.array(Text).default([]),
  on_exhaust: z.literal('escalate').default('escalate'),
  stop_on_no_progress: z.boolean().default(true),
});
export type LayerLoopSpec = z.infer<typeof LayerLoopSpec>;

const Mentions = z.union([Text, z.array(Text)]);

const Escalation = z.strictObject({
  handler: z.enum(['human', 'auto_close', 'fallback_workflow']).optional(),
  workflow: Text.optional(),
  timeout_hours: z.number().positive().max(8760).optional(),
  notification: z
    .strictObject({ channel: Text.optional(), mention: Mentions.optional() })
    .optional(),
  context: z.array(Text).optional(),
  target: Text.optional(),
  notify: Mentions.optional(),
  include: z.array(Text).optional(),
});
export type EscalationSpec = z.infer<typeof Escalation>;

const TypeRoutes = z.record(Text, File);
const Phases = z.union([z.array(PhaseName).min(1).max(50), z.record(PhaseName, PhaseSpec)]);
const Templates = z.record(Text, z.union([File, TypeRoutes]));
const Loops = z.record(Text, LayerLoopSpec);
const Gates = z.record(Text, GateEntry);

export const CONFIG_NAMES = [
  'file_system',
  'code_execution',
  'external_apis',
  'context_providers',
] as const;
export type ConfigName = (typeof CONFIG_NAMES)[number];

const Duration = z
  .string()
  .regex(/^(?:\d{1,9}(?:ms|s|m|h|d))+$/, 'a duration such as 5m, 24h or 7d');

const Checkpoint = z.strictObject({
  require: z.literal('human_approval').optional(),
  timeout: Duration.optional(),
});

const Route = z.strictObject({
  phases: z.array(PhaseName).min(1).max(50).optional(),
  templates: Templates.optional(),
  gates: Gates.optional(),
  loops: Loops.optional(),
});

/** The one way in which a team's files are merged: its prompts replace, its gates are added. */
const Team = z.strictObject({
  override_dir: File,
  merge_strategy: z
    .strictObject({
      prompts: z.literal('replace').default('replace'),
      gates: z.literal('additive').default('additive'),
    })
    .optional(),
});
const TeamName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/, 'the name of a team: letters, digits, - and _');
const Teams = z
  .record(TeamName, Team)
  .refine((teams) => Object.keys(teams).length <= 20, 'must have at most 20 teams');

/** The control plane of an Agentic Layer, in either of its two forms. */
export const LayerFile = z.strictObject({
  name: Text.max(60).optional(),
  description: z.string().max(500).optional(),
  version: z.union([z.literal(1), z.literal('1'), z.literal('1.0')]).default(1),
  preset: z.enum(['solo', 'small', 'enterprise']).optional(),
  phases: Phases.optional(),
  templates: Templates.optional(),
  loops: Loops.optional(),
  escalation: Escalation.optional(),
  gates: Gates.optional(),
  tools: z
    .strictObject({
      configs: z
        .strictObject({
          file_system: File.optional(),
          code_execution: File.optional(),
          external_apis: File.optional(),
          context_providers: File.optional(),
        })
        .optional(),
      phase_overrides: z.record(Text, z.record(Text, z.enum(['enabled', 'disabled']))).optional(),
    })
    .optional(),
  parallel: z.array(z.array(PhaseName).min(2).max(20)).optional(),
  monitoring: z
    .strictObject({
      track: z.array(Text).default([]),
      alert_on: z.record(Text, z.number()).default({}),
    })
    .optional(),
  monitor: z
    .strictObject({
      anomaly_detection: z.boolean().optional(),
      rollback_on: z.array(Text).optional(),
      auto_create_issue: z.boolean().optional(),
    })
    .optional(),
  autonomy: z
    .enum(['assisted', 'supervised', 'autonomous', 'ase', 'L1', 'L2', 'L3', 'L4'])
    .optional(),
  checkpoints: z.record(Text, Checkpoint).optional(),
  auto_merge: z
    .strictObject({ enabled: z.boolean().optional(), delay: Duration.optional() })
    .optional(),
  follow_up_issue: z.boolean().optional(),
  routing: z.record(Text, Route).optional(),
  teams: Teams.optional(),
});
export type LayerFile = z.infer<typeof LayerFile>;

/** What an entry of each map must be, so that the sound ones are known even if others are not. */
export const LAYER_ENTRIES: Readonly<Record<string, z.ZodType>> = {
  templates: z.union([File, TypeRoutes]),
  loops: LayerLoopSpec,
  gates: GateEntry,
  checkpoints: Checkpoint,
  routing: Route,
  teams: Team,
};

/** Keys of other dialects, and what the same thing is called in a layer. */
export const LAYER_FOREIGN_KEYS: Readonly<Record<string, string>> = {
  steps: 'phases',
  stages: 'phases',
  prompts: 'templates',
  retries: 'loops',
  max_retries: 'max',
  limit: 'max',
  cooldown: 'cooldown_ms',
  permissions: 'tools',
  on_failure: 'escalation',
  alerts: 'alert_on',
  metrics: 'track',
  timeout: 'timeout_hours',
  cost_ceiling_usd: 'cost_ceiling',
};
