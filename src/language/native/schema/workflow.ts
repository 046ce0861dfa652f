import { z } from 'zod';
import {
  AccessSpec,
  Count,
  Duration,
  describe,
  FilePath,
  MAX_STEPS,
  OutputName,
  Slug,
  StepId,
  Text,
} from './common.ts';
import { Loops } from './loops.ts';
import { CapsSpec, Escalation, EvalGate, Reliability, RunBudget } from './policies.ts';
import { Step } from './step.ts';
import { Concurrency, Context, Limits, On, SkipIf } from './triggers.ts';

export const Param = z.strictObject({
  type: z
    .enum(['string', 'number', 'integer', 'boolean'])
    .default('string')
    .meta(describe('Type of the value.', 'type: integer')),
  required: z
    .boolean()
    .default(false)
    .meta(describe('A start without it is refused.', 'required: true')),
  default: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .meta(describe('Value when none is given.', 'default: main')),
  description: z
    .string()
    .default('')
    .meta(describe('For the person who starts it.', 'description: Branch to compare with')),
  choices: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional()
    .meta(describe('The only values allowed.', 'choices: [small, large]')),
});
export type Param = z.infer<typeof Param>;

const InlinePersona = z.strictObject({
  description: z
    .string()
    .default('')
    .meta(describe('What it is good at.', 'description: Knows SQL')),
  prompt: Text.optional().meta(
    describe('The system prompt.', 'prompt: You are a database engineer.'),
  ),
  prompt_file: FilePath.optional().meta(
    describe('File of the workflow folder with the system prompt.', 'prompt_file: prompts/dba.md'),
  ),
  model: Text.optional().meta(describe('Model it prefers.', 'model: large')),
  access: AccessSpec.optional().meta(
    describe('What its steps may do in the worktree.', 'access: edit'),
  ),
});

/** A native workflow file. */
export const Workflow = z.strictObject({
  name: Slug.meta(
    describe(
      'Name of the workflow: `sluice:<name>` as a label, `/sluice run <name>` in a comment.',
      'name: tdd',
    ),
  ),
  description: z
    .string()
    .max(500)
    .default('')
    .meta(describe('One sentence for lists.', 'description: Tests first')),
  instructions: Text.optional().meta(
    describe(
      'Background all steps share; given to the first step of each conversation.',
      'instructions: We write British English.',
    ),
  ),
  params: z
    .record(OutputName, Param)
    .default({})
    .meta(
      describe(
        'What a start can or must say besides the task; `{{ params.<name> }}` in prompts.',
        'params: {scale: {type: string, required: false, default: small, description: How big, choices: [small, large]}}',
      ),
    ),
  personas: z
    .record(Text, InlinePersona)
    .default({})
    .meta(
      describe(
        'Personas of this workflow only.',
        'personas: {Dba: {description: Knows SQL, prompt: You are a database engineer., model: large, access: readonly}}',
      ),
    ),
  steps: z
    .array(Step)
    .min(1)
    .max(MAX_STEPS)
    .meta(
      describe(
        'What is done. The order comes from `depends_on`, not from the place.',
        'steps: [{id: look, agent: Researcher, prompt: "{{ task }}"}]',
      ),
    ),
  loops: Loops.default({}).meta(
    describe(
      'Ways back, each with a limit.',
      'loops: {again: {from: last, to: first, trigger: "last.failed > 0", max: 2, cooldown: 5s, cost_ceiling_usd: 2, stop_on_no_progress: true, on_exhaust: escalate, workspace: keep}}',
    ),
  ),
  max_parallel: Count.max(50)
    .optional()
    .meta(describe('How many steps run at once.', 'max_parallel: 2')),
  on_failure: z
    .enum(['drain', 'cancel'])
    .default('drain')
    .meta(describe('Whether steps that run when another fails may finish.', 'on_failure: cancel')),
  execution: z
    .enum(['main', 'subagent'])
    .default('subagent')
    .meta(describe('Whether steps share one conversation.', 'execution: main')),
  autonomy: z
    .enum(['assisted', 'supervised', 'autonomous', 'ase'])
    .optional()
    .meta(
      describe(
        'How much happens without people, in called workflows too: `assisted` asks after every agent and command; `supervised` after every agent that changes no files, and when one of those or a command fails for good; `autonomous` lets stop points pass; `ase` is the same, nothing is merged by itself. Left out, people are asked where the steps say so.',
        'autonomy: autonomous',
      ),
    ),
  consent_lifetime: Duration.optional().meta(
    describe(
      'How long starting a run is consent to its ordinary steps; 3h by default.',
      'consent_lifetime: 1h',
    ),
  ),
  budget: RunBudget.optional().meta(
    describe(
      'What the run may cost.',
      'budget: {max_tokens_per_session: 2000000, max_usd_per_task: 10, alert_at_percent: 80, on_exceed: pause}',
    ),
  ),
  caps: CapsSpec.default({}).meta(
    describe(
      'Hard limits against runs without end.',
      'caps: {visits_per_step: 5, steps: 100, tokens: 5000000, usd: 25, wall_time: 6h}',
    ),
  ),
  reliability: Reliability.optional().meta(
    describe(
      'Retries, degradation, guardrails and confidence; everything is off without it.',
      'reliability: {enabled: true, recovery: {max_step_retries: 2}, budget_governor: {max_degradations_per_run: 1}, guardrails: {terms: [wipe]}, confidence: {low_terms: [unsure]}}',
    ),
  ),
  eval_gate: EvalGate.optional().meta(
    describe(
      'Compares the run with the ones before it.',
      'eval_gate: {enabled: true, min_baseline_runs: 5, baseline_window: 20, warn_threshold: 0.15, block_threshold: 0.30, insufficient_baseline: pass, mode: fail-open, release_class: true, thresholds: {max_retry_increase: 1}}',
    ),
  ),
  escalation: Escalation.optional().meta(
    describe(
      'What happens when the run cannot go on by itself.',
      'escalation: {handler: fallback_workflow, workflow: triage, timeout: 24h, mention: ["@octo-org/oncall"], context: [first]}',
    ),
  ),
  redesign: z
    .strictObject({
      to: StepId.meta(describe('Step of this file that takes the new requirements.', 'to: first')),
    })
    .optional()
    .meta(
      describe(
        'Where `/redesign <what is wanted now>` goes back to. All that follows is done again; commits stay, what is not committed is dropped.',
        'redesign: {to: first}',
      ),
    ),
  follow_up_issue: z
    .boolean()
    .default(false)
    .meta(
      describe(
        'Once the run has succeeded, the technical debt it found becomes one issue: entries of `issues` or `findings` in a result with `severity: tech_debt`.',
        'follow_up_issue: true',
      ),
    ),
  on: On.optional().meta(
    describe(
      'What starts it, and who may. Left out: a label and a command of its name, set or said by people with write access. What is not named here starts nothing.',
      'on: {label: {name: feature, items: [issue], by: admin}, command: feature}',
    ),
  ),
  skip_if: SkipIf.optional().meta(
    describe(
      'When a start is ignored.',
      'skip_if: {labels: [no-bot], search: "is:pr is:open", max_open_prs: 3, unchanged_since_last: true}',
    ),
  ),
  cooldown: Duration.optional().meta(
    describe('Least time from one start on an item to the next.', 'cooldown: 30m'),
  ),
  concurrency: Concurrency.optional().meta(
    describe('What happens to a second start.', 'concurrency: {key: item, when_busy: queue}'),
  ),
  limits: Limits.optional().meta(
    describe('How often it may be started.', 'limits: {per_user_hour: 5, per_repo_day: 40}'),
  ),
  context: Context.optional().meta(
    describe(
      'Which text of the issue or pull request the agents get.',
      'context: {min_integrity: write, include: [body], max_bytes: 60000}',
    ),
  ),
});
export type Workflow = z.infer<typeof Workflow>;
